# The desk's pages.
desk-nav = Стол
desk-nav-permits = Пропуска
desk-nav-staff = Сотрудники
desk-sign-out = Выйти
sign-in-title = Вход в систему
sign-in-name = Имя
sign-in-password = Пароль
sign-in-do = Войти
sign-in-wrong = Имя или пароль неверны. Попробуйте ещё раз; после пяти неверных попыток придётся подождать четверть часа.
sign-in-kept = Ваш сеанс закончился. Отправленное сохранено: войдите и отправьте ещё раз.
set-up-title = Первый руководитель
set-up-about = Здесь пока никто не работает. Выберите имя и пароль; затем вы сможете добавить коллег.
set-up-do = Начать
kept-title = Отправить введённое?
kept-about = Вы отправили форму после окончания сеанса. Она сохранена в том виде, как вы её ввели.
kept-send = Отправить сейчас
kept-discard = Не отправлять
trouble-conflict = Кто-то успел раньше
trouble-conflict-todo = После того как вы открыли страницу, данные изменились. Ничего не перезаписано. Откройте её заново и посмотрите, что изменилось.
trouble-refused = Это не выполнено
account-password = Другой пароль
account-old = Нынешний пароль
account-new = Новый пароль
account-change = Изменить
account-wrong = Нынешний пароль неверен.
account-everywhere = Выйти везде
account-everywhere-about = Завершает ваши сеансы на всех устройствах, и на этом тоже.
account-everywhere-do = Выйти везде
staff-role = Роль
staff-role-clerk = сотрудник
staff-role-manager = руководитель
staff-role-auditor = ревизор
staff-barred = вход закрыт
staff-add = Добавить сотрудника
staff-password-hint = Не меньше десяти знаков; хорошо подходит предложение.
staff-password-short = Пароль слишком короткий: нужно десять знаков.
staff-password-long = Пароль слишком длинный.
staff-password-guessable = Такой пароль угадает любой. Выберите другой.
staff-name-wrong = Имя состоит из 2–40 букв, цифр, точек и дефисов.
staff-name-taken = Такое имя уже есть. Выберите другое.
staff-name-unknown = Такого имени нет.
staff-last-manager = Это последний руководитель. Сначала назначьте другого.
list-new-order = Новый заказ
list-drafts = Заказы в работе
list-draft-corrects = Исправление пропуска
list-draft-empty = Пустой заказ
list-search = Поиск по номеру, имени или паспорту
list-search-do = Найти
list-day = Выданы
list-show = Показать
list-empty = Пропусков пока нет. Начните с нового заказа.
list-nothing-found = Ничего не найдено. Каждое слово должно быть началом имени, номера паспорта или номера пропуска.
list-nobody = (данные удалены)
list-number = Номер
list-lead = Старший группы
list-travellers = Путешественники
list-zones = Зоны
list-valid = Действует
list-issued = Выдан
list-state = Состояние
list-revoked = отозван
list-in-force = выдан
list-older = Более ранние
list-xlsx = В XLSX
list-csv = В CSV
order-title = Заказ
order-corrects = Исправление пропуска { $number }, версия { $version }
order-paste = Вставить строки МСЗ
order-paste-label = Две или три машиночитаемые строки каждого паспорта
order-paste-do = Добавить
order-row = Строка
order-remove = Удалить путешественника
order-add-row = Добавить путешественника
order-where = Куда
order-when = Когда
order-route-hint = По одному месту, посту или маршруту в строке, в порядке следования.
order-stops = Известные места и посты
order-zone-needed = на маршруте
order-zones-do = Отметить зоны маршрута
order-month-count = Месяцев
order-copies-auto = по маршруту
order-reference = Номер решения органа
order-aim = Цель поездки
order-plate = Номер машины
order-check = Проверка
order-ready = Готово к выдаче
order-no-price = В тарифе цены нет; назначьте её сами.
order-kept = Введённое сохранено.
order-override = Выдать всё равно
order-issue = Выдать
order-save = Проверить и сохранить
order-discard = Удалить заказ
order-needs-zones = Отметьте хотя бы одну зону.
order-needs-day = Укажите первый день действия.
order-not-issued = Не выдано
order-not-issued-todo = Этому мешает ошибка. Вернитесь и исправьте отмеченное или отметьте замечание в «Выдать всё равно» и укажите причину.
import-drop = Перетащите сюда таблицу группы или выберите её (.xlsx, .ods, .csv)
import-do = Прочитать таблицу
import-refused = Таблица не прочитана
import-no-file = Файл не пришёл. Выберите таблицу и отправьте ещё раз.
permit-title = Пропуск
permit-done = Выполнено и сохранено.
permit-changed = Изменено после печати: напечатайте заново
permit-version = Версия
permit-route = Маршрут
permit-from = Первый день
permit-to = Последний день
permit-copies = Копии
permit-cost = Цена
permit-story = История
permit-print = Напечатать
permit-which = Какие листы
permit-which-hint = 0 — оригинал; пишите 0, 3 или 3-5. Пусто — все.
permit-more = Ещё запасных
permit-correct = Исправить
permit-again = Заказать такой же
permit-extend = Продлить
permit-months-total = Месяцев всего
permit-reason = Причина
permit-revoke = Отозвать
permit-revoke-about = Посты узнают об этом при следующей связи. Отменить отзыв нельзя.
permit-paper = Бумага
permit-open = Открыть все листы
story-issued = Выдан (версия { $version })
story-corrected = Исправлен (версия { $version })
story-extended = Продлён (версия { $version })
story-revoked = Отозван (версия { $version })
story-printed = Напечатан (версия { $version })
story-overridden = Выдан несмотря на замечание (версия { $version })
story-purged = Данные удалены (версия { $version })
sign-in-locked = { $n ->
    [one] Слишком много неверных попыток. Попробуйте через { $n } минуту.
    [few] Слишком много неверных попыток. Попробуйте через { $n } минуты.
   *[many] Слишком много неверных попыток. Попробуйте через { $n } минут.
}
list-others = { $n ->
    [one] и ещё { $n }
    [few] и ещё { $n }
   *[many] и ещё { $n }
}
list-draft-travellers = { $n ->
    [one] { $n } путешественник
    [few] { $n } путешественника
   *[many] { $n } путешественников
}
order-errors = { $n ->
    [one] { $n } ошибка
    [few] { $n } ошибки
   *[many] { $n } ошибок
}
order-map = Карта зон и маршрута
order-map-crossing = переход на границе
