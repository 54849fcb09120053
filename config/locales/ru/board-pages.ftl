# Табло дежурного.
board-nav = Табло
board-title = Табло дежурного
board-sign-in = Вход на табло
board-nobody = Открывать табло пока некому. Первого человека добавляет тот, кто обслуживает журнал:
board-taken = Состояние на { $time }.
board-reload = Обновить
board-counting = Журнал подсчитывается. Обновите страницу через минуту.
board-permit-number = Номер пропуска
board-permit-show = Показать историю
board-map = Кто внутри
board-map-zone = людей в зоне
board-map-post = вошли через пост
board-map-overdue = кто-то не вышел в срок
board-zones = Зоны
board-zone = Зона
board-inside = Внутри
board-overdue = Не вышли в срок
board-all = Все зоны
board-alerts = Тревоги
board-alert = Тревога
board-alerts-newest = Последние тревоги
board-alerts-all = Все тревоги
board-alerts-none = Тревог нет.
board-older = Более ранние
board-raised = Когда
board-evidence = Записи, на которых она основана
board-overdue-title = Должны были выйти
board-overdue-none = Все вышли в срок.
board-permit = Пропуск
board-people = Людей
board-since = Внутри с
board-last-day = Последний день
board-hours-title = Сдано копий по постам и часам
board-hours-none = Ни один пост ещё ничего не сдал.
board-hours-ago = { $n } ч назад
board-hours-now = сейчас
board-hour-most = не больше { $n } в час
board-hand-ins = { $n ->
    [one] { $n } запись за сутки
    [few] { $n } записи за сутки
   *[other] { $n } записей за сутки
}
board-people-inside = внутри: { $n }
board-devices = Терминалы
board-devices-none = Ни один терминал не подключён.
board-devices-hint = Только то, что сообщили терминалы: возраст списка подписей — на момент последнего запроса. Сколько записей ждёт на терминале, здесь неизвестно, пока они не придут; недостающих не меньше, чем указано: более поздние уже пришли.
board-device = Терминал
board-post = Пост
board-seen = Последняя связь
board-never = не было
board-silent = молчит
board-revoked = отозван
board-delay = От сканирования до записи
board-list-age = Возраст списка подписей
board-clock = Часы
board-ahead = спешат на { $span }
board-missing = Не хватает записей
board-seconds = { $n } с
board-minutes = { $n } мин
board-hours = { $n } ч
board-days = { $n ->
    [one] { $n } день
    [few] { $n } дня
   *[other] { $n } дней
}
board-audit = Проверка журнала
board-audit-never = Журнал ещё не проверяли. Проверьте его командой
board-audit-last = Последняя проверка
board-audit-found = Результат
board-audit-broken = Журнал не цел: запустите проверку в командной строке, она назовёт каждую ошибку.
board-audit-records = Прочитано записей
board-audit-wrong = Ошибок
board-heads = Последняя запись каждого шарда
board-shard = Шард
board-records = Записей
board-head = Хеш цепочки
board-story = История пропуска
board-permit-unknown = Ни одна контора не выдавала этот пропуск.
board-permit-revoked = Аннулирован { $time }.
board-valid = Действует
board-version = Версия
board-copies = Копий
board-line = Пропуск на оси времени
board-line-hint = Полоса: дни действия. Треугольник вверх: вход, вниз: выход. Круг: прочее. Красная черта: тревога.
board-scans = Что сдано и показано
board-scans-none = Ничего не записано.
board-copy = копия { $copy }, версия { $version }
board-recorded = записано { $time } под номером { $place }
board-soldier = дежурил: { $soldier }
board-no-permit = Это не номер пропуска
board-no-permit-todo = Один знак пропущен или набран неверно. Сверьте с бумагой и наберите ещё раз.
board-kind-entry = Вход
board-kind-exit = Выход
board-kind-shown = Только показан
board-kind-undo = Отменено
board-kind-override = Отказ отменён солдатом
board-kind-late-entry = Внесено позже с бумажного списка
board-verdict-accept = пропущен
board-verdict-attention = под вниманием
board-verdict-refuse = отказано
board-reason-seal-unreadable = Код не читается.
board-reason-not-a-permit = Код не от пропуска.
board-reason-unknown-signer = Подписавшего нет в списке.
board-reason-signer-revoked = Подпись отозвана.
board-reason-bad-signature = Подпись не подходит.
board-reason-not-yet-valid = Ещё не действует.
board-reason-expired = Срок истёк.
board-reason-wrong-zone = Пропуск не для этой зоны.
board-reason-wrong-post = Поста нет на маршруте.
board-reason-revoked = Пропуск аннулирован.
board-reason-superseded = Есть более новая версия.
board-reason-copy-already-handed-in = Эта копия уже была сдана.
board-reason-passport-mismatch = Паспорт и пропуск различаются.
board-reason-passport-expired = Паспорт просрочен.
board-reason-not-in-group = Владельца паспорта нет на листе.
board-reason-unknown-permit = Терминал не знал такого пропуска.
board-reason-trust-list-stale = Список подписей на терминале устарел.
board-reason-clock-suspect = Терминал не уверен в своих часах.
board-alerts-open = Только те, которыми никто не занялся
board-open = { $n ->
    [0] Всеми тревогами кто-то занялся.
    [one] Никто не занялся { $n } тревогой.
    [few] Никто не занялся { $n } тревогами.
   *[other] Никто не занялся { $n } тревогами.
}
board-acknowledge = Принято, я разобрался
board-note = Что выяснилось
board-note-hint = Не больше 400 знаков; без имён и номеров паспортов.
board-note-long = Заметка слишком длинная: не больше 400 знаков.
