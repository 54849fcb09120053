# Sentences on the printed sheets that take arguments, without their full stop; a reason may follow. See paper.ftl.
sheet-and-others = and others
sheet-history-corrected = Version { $version } of { $date }, corrected
sheet-history-extended = Version { $version } of { $date }, validity extended
sheet-history-extended-to = Version { $version } of { $date }, validity extended to { $valid_to }
sheet-history-revoked = Version { $version } revoked on { $date }
