# Sentences on the printed sheets that take arguments, without their full stop; a reason may follow. See paper.ftl.
sheet-and-others = и другие
sheet-history-corrected = Версия { $version } от { $date }, исправлена
sheet-history-extended = Версия { $version } от { $date }, срок продлён
sheet-history-extended-to = Версия { $version } от { $date }, срок продлён до { $valid_to }
sheet-history-revoked = Версия { $version } аннулирована { $date }
