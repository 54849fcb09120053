# `propusk up` айткандар жана көрсөтүүнүн кадамдары. Аргументтер англисче файлда түшүндүрүлгөн.

up-died = { $child }: процесс токтоду ({ $how }), { $seconds } с кийин кайра иштетилет. Журналы: { $log }
up-hung = { $child }: { $seconds } с жооп бербеди, мажбурлап токтотулду жана кайра иштетилет.
up-disk-full = { $folder } астындагы диск толду, ошондуктан { $child } токтотулду. Орун бошотуңуз: ал өзү кайра иштейт. Тапшырылган көчүрмөлөр терминалдарда, уруксаттар бөлүмдө күтүп турат; эч нерсе жоголгон жок.
up-disk-has-room = { $folder } астында кайра орун бар; { $child } иштетилип жатат.
up-trust-old = Ишеним тизмеси { $days } күн мурун түзүлгөн, ал эми тамыр ачкычы бул жерде жок. Аны бир жолу иштетүү үчүн { $root } катары кайтарыңыз же жаңы тизме жарыялаңыз; эски тизме жөнүндө терминалдар эскертет.
up-signer-not-listed = Бул бөлүмдүн { $signer } { $reference } колу ишеним тизмесинде жок, анын мөөрлөрү кабыл алынбайт, ал эми тамыр ачкычы бул жерде жок. Аны { $root } катары кайтарып, кайра иштетиңиз.
up-ready =
    propusk иштеп жатат. Бардыгы { $data } ичинде
      desk      { $desk }
      recorder  { $recorder }
      verify    { $verify }
      брокер    { $nats }
    Башка терминалда:
      propusk --data { $data } desk check GROUP.csv --zones naryn --route torugart --from 2026-06-01
      propusk --data { $data } recorder enroll-code --post torugart
      propusk --data { $data } verify trust
    Ctrl-C бардыгын тартиби менен токтотот.
up-stopping = Тартиби менен токтоп жатат…
up-stopped = Токтоду. Бардыгы сакталды; кийинки жолу ушул жерден улантылат.

demo-failed =
    { $step }-кадам ишке ашкан жок: { $title }
      { $why }
demo-held = Бардык кадамдар ишке ашты: { $steps }. Файлдар { $folder } ичинде
demo-programs = Басылган баракты окуучу программалар бар
demo-group = Төрт үлгү паспорттон турган топ
demo-quote = Баасы
demo-price = { $price }
demo-check = Буйрутма жазылганга чейин текшерилет
demo-check-clean = оңдой турган эч нерсе жок
demo-issue = Уруксат кагаз берилди: түп нускасы жана көчүрмөлөрү кагазда
demo-issued = { $number }, түп нускадан башка көчүрмө: { $copies }: { $file }
demo-rasterise = Кагаз 150 dpi менен сканерленди, ар бир код кайра окулду
demo-codes = код: { $count }, ар бири кол коюлган мөөрдүн өзү
demo-enroll = Эки терминал бир жолку код менен кошулат
demo-enrolled = { $post }: { $device } түзмөгү
demo-enrolled-before = { $post }: мурунку жолу кошулган
demo-learn = Байланыш барда терминалдар уруксат кагаз жөнүндө билет
demo-learnt = { $post } билет
demo-cut = Брокер токтотулду: байланыш жок
demo-cut-done = мындан ары баары байланышсыз болот
demo-altered = Бир белгиси туура эмес паспорт номери кабыл алынбайт
demo-scan = Бардык көчүрмөлөр Кара-Сай постуна байланышсыз тапшырылды
demo-scanned = { $copy }-көчүрмө: { $verdict }, { $state }
demo-original = түп нуска: { $verdict }, көрсөтүлүп кайтарылды
demo-status = Терминалда эмне бар
demo-waiting = бул түзмөктө: { $count }, эч нерсе жөнөтүлгөн жок
demo-back = Брокер кайра иштеди
demo-back-done = бардык бөлүктөр жооп берет
demo-kill = Терминал жөнөтөт, ортосунда каттоочу токтотулат
demo-killed = { $pid } каттоочусу SIGKILL менен токтотулуп, кайра иштетилди
demo-sync = Терминал дагы бир жолу жөнөтөт
demo-synced = жазылды: { $count }, күткөн эч нерсе жок
demo-second-post = Ошол эле көчүрмө Торугарт постунда көрсөтүлдү
demo-show = Жазууда ар бир тапшыруу так бир жолу турат
demo-shown = { $number } боюнча тапшыруу: { $records }
demo-alerts = Эки жолу тапшырылган көчүрмө эскертүү чакырды
demo-audit = Текшерүү жазууну бүтүн деп тапты
demo-audited = жазуу: { $records }
demo-inside = Ким ичинде
demo-is-inside = { $number }: { $zones }
demo-permit = Жолоочу уруксат кагазды паспорт менен салыштырат
demo-permit-same = ар бир талаа бирдей
demo-permit-altered = Туура эмес цифра жолоочуга айтылат
demo-seal = Кагаздагы мөөрлөр жарактуу
demo-seals-valid = VALID мөөр: { $count }
