# Sentences on the printed sheets that take arguments, without their full stop; a reason may follow. See paper.ftl.
sheet-and-others = жана башкалар
sheet-history-corrected = { $version }-версия, { $date }, оңдолду
sheet-history-extended = { $version }-версия, { $date }, мөөнөтү узартылды
sheet-history-extended-to = { $version }-версия, { $date }, мөөнөтү { $valid_to } чейин узартылды
sheet-history-revoked = { $version }-версия { $date } жокко чыгарылды
