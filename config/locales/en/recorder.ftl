# The duty officer's words.
record-nothing = Nothing of this permit was ever handed in.
alert-copy-handed-in-twice = Copy { $copy } of permit { $permit } was handed in twice.
alert-unknown-permit = A valid seal of permit { $permit } (copy { $copy }), which no office is known to have issued: a signing key may be stolen.
alert-quarantined = A message of which no record could be made is in quarantine. { $permit }{ $copy }
alert-record-rewritten = A handheld remembers a record that is not here: the record was rewritten or restored. { $permit }{ $copy }
audit-read = Read { $records } records in { $shards } shards.
audit-missing = Device { $device }: numbers { $range } have not arrived; they may still be on the device.
audit-whole = The record is whole.
audit-broken = The record is not whole; see above.
device-revoked = Device { $device } is revoked: the broker lets it in no more, and nothing it sends is recorded.
backup-written = Backup of { $rows } rows ({ $bytes } bytes), read back whole: { $file }. It holds hand-ins: keep it closed, on another machine.
backup-restored = { $rows } rows restored into { $file }. Start the recorder; handhelds send again what the backup does not have.
indexes-rebuilt = { $records } records read, { $made } index rows made again.
quarantine-purged = { $messages } messages in quarantine lost their bytes ({ $bytes }). Their subjects and reasons stay; hand-ins and alerts are evidence and stay too.
quarantine-purge-would = Nothing was erased. { $messages } messages in quarantine would lose their bytes ({ $bytes }).
bundle-taken = { $parcels } parcels with { $events } hand-ins were taken. What goes back to the handhelds is in { $file }.
