# Учёба с образцами пропусков.
training-banner = УЧЁБА – ничего не записывается
training-lessons = Нечего сканировать? Наберите = и цифру, затем Enter:
lesson-good = верный пропуск и паспорт; ещё раз – копия уже была
lesson-group = группа из трёх: отметьте 1 2 3 или *
lesson-expired = просроченный пропуск
lesson-zone = пропуск в другую зону
lesson-revoked = отозванный пропуск
lesson-forged = поддельная печать
lesson-passport = паспорт с другим номером
lesson-foreign = это не пропуск
