# Что говорит `propusk up`, и шаги показа. Аргументы описаны в английском файле.

up-died = { $child }: процесс завершился ({ $how }) и будет запущен снова через { $seconds } с. Журнал: { $log }
up-hung = { $child }: нет ответа { $seconds } с, процесс остановлен принудительно и запускается снова.
up-disk-full = Диск под { $folder } заполнен, поэтому { $child } остановлен. Освободите место: процесс запустится сам. Сданные копии ждут на терминалах, пропуска — в пункте выдачи; ничего не потеряно.
up-disk-has-room = Под { $folder } снова есть место; { $child } запускается.
up-trust-old = Список доверия создан { $days } дн. назад, а корневого ключа здесь нет. Верните его как { $root } на один запуск или опубликуйте новый список; о старом списке предупреждают терминалы.
up-signer-not-listed = Подписи { $signer } { $reference } этого пункта выдачи нет в списке доверия, её печати не принимаются, а корневого ключа здесь нет. Верните его как { $root } и запустите снова.
up-ready =
    propusk работает. Все данные в { $data }
      desk      { $desk }
      recorder  { $recorder }
      verify    { $verify }
      брокер    { $nats }
    В другом терминале:
      propusk --data { $data } desk check GROUP.csv --zones naryn --route torugart --from 2026-06-01
      propusk --data { $data } recorder enroll-code --post torugart
      propusk --data { $data } verify trust
    Ctrl-C останавливает всё по порядку.
up-stopping = Останавливается по порядку…
up-stopped = Остановлено. Всё сохранено; следующий запуск продолжит с этого места.

demo-failed =
    Шаг { $step } не удался: { $title }
      { $why }
demo-held = Удались все шаги: { $steps }. Файлы в { $folder }
demo-programs = Программы для чтения напечатанного листа на месте
demo-group = Группа из четырёх паспортов-образцов
demo-quote = Цена
demo-price = { $price }
demo-check = Заявка проверяется до всякой записи
demo-check-clean = исправлять нечего
demo-issue = Пропуск выдан: оригинал и копии на бумаге
demo-issued = { $number }, копий кроме оригинала: { $copies }: { $file }
demo-rasterise = Бумага отсканирована при 150 dpi, каждый код прочитан обратно
demo-codes = кодов: { $count }, каждый — та печать, что была подписана
demo-enroll = Два терминала подключаются по одноразовым кодам
demo-enrolled = { $post }: устройство { $device }
demo-enrolled-before = { $post }: подключён в прошлый раз
demo-learn = Терминалы узнают о пропуске, пока есть связь
demo-learnt = { $post } знает о нём
demo-cut = Брокер остановлен: связи нет
demo-cut-done = дальше всё происходит без связи
demo-altered = Номер паспорта с одним неверным знаком не принят
demo-scan = Все копии сданы на посту Карасай без связи
demo-scanned = копия { $copy }: { $verdict }, { $state }
demo-original = оригинал: { $verdict }, показан и возвращён
demo-status = Что хранит терминал
demo-waiting = на этом устройстве: { $count }, не отправлено ничего
demo-back = Брокер снова работает
demo-back-done = отвечают все части
demo-kill = Терминал отправляет, а регистратор убит посередине
demo-killed = регистратор { $pid } убит сигналом SIGKILL и запущен снова
demo-sync = Терминал отправляет ещё раз
demo-synced = записано: { $count }, ничего не ждёт
demo-second-post = Та же копия предъявлена на посту Торугарт
demo-show = В записи каждая сдача ровно один раз
demo-shown = сдач по { $number }: { $records }
demo-alerts = Дважды сданная копия вызвала тревогу
demo-audit = Проверка находит запись целой
demo-audited = записей: { $records }
demo-inside = Кто внутри
demo-is-inside = { $number }: { $zones }
demo-permit = Путешественник сверяет пропуск с паспортом
demo-permit-same = совпадает каждое поле
demo-permit-altered = Неверная цифра названа путешественнику
demo-seal = Печати на бумаге действительны
demo-seals-valid = печатей VALID: { $count }
up-set-up = За столом пока никто не работает. Создайте первого руководителя (ссылка одноразовая): { $link }
