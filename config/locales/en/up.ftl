# What `propusk up` says, and the demo's steps. Arguments:
#   $child  a part of propusk (nats, recorder, desk, verify); $how  a status or signal; $seconds, $days  numbers
#   $data, $log, $root, $folder, $file, $files  paths; $desk, $recorder, $verify, $nats  addresses
#   $step, $steps, $count, $copies, $records, $times  numbers; $title, $why  sentences
#   $number  a permit number; $post  a checkpoint's id; $price  amount and currency; $message  a finding's sentence

up-died = { $child } died ({ $how }) and is started again in { $seconds } s. Its log: { $log }
up-hung = { $child } has not answered for { $seconds } s and was killed; it is started again.
up-disk-full = The disk under { $folder } is full, so { $child } was stopped. Make room: it is started again by itself. Hand-ins wait on the handhelds, permits at the desk; nothing is lost.
up-disk-has-room = There is room under { $folder } again; { $child } is started.
up-trust-old = The trust list is { $days } days old and the root key is not here. Put it back as { $root } for one start, or publish a new list; handhelds warn about an old one.
up-signer-not-listed = The trust list does not name this desk’s signer { $signer } { $reference }, so its seals are refused, and the root key is not here. Put it back as { $root } and start again.
up-ready =
    propusk runs. Everything is in { $data }
      desk      { $desk }
      recorder  { $recorder }
      verify    { $verify }
      broker    { $nats }
    In another terminal:
      propusk --data { $data } desk check GROUP.csv --zones naryn --route torugart --from 2026-06-01
      propusk --data { $data } recorder enroll-code --post torugart
      propusk --data { $data } verify trust
    Ctrl-C stops everything in order.
up-stopping = Stopping in order…
up-stopped = Stopped. Everything is kept; the next start goes on where this one ended.

demo-failed =
    Step { $step } did not hold: { $title }
      { $why }
demo-held = All { $steps } steps held. The files are in { $folder }
demo-programs = The programs that read the printed page are here
demo-group = A group of four specimen passports
demo-quote = The price
demo-price = { $price }
demo-check = The order is checked before anything is written
demo-check-clean = nothing to mend
demo-issue = The permit is issued: the original and the copies on paper
demo-issued = { $number }, { $copies } copies beside the original: { $file }
demo-rasterise = The paper is scanned at 150 dpi and every code is read back
demo-codes = { $count } codes, each the seal that was signed
demo-enroll = Two handhelds join with one-time codes
demo-enrolled = { $post }: device { $device }
demo-enrolled-before = { $post }: joined in an earlier run
demo-learn = The handhelds learn of the permit while there is a signal
demo-learnt = { $post } knows it
demo-cut = The broker is stopped: no signal
demo-cut-done = everything from here on happens offline
demo-altered = A passport number with one wrong character is refused
demo-scan = Every copy is handed in at Karasay, offline
demo-scanned = copy { $copy }: { $verdict }, { $state }
demo-original = the original: { $verdict }, shown and given back
demo-status = What the handheld holds
demo-waiting = { $count } on this device, none sent
demo-back = The broker is back
demo-back-done = every room answers
demo-kill = The handheld sends, and the recorder is killed in the middle
demo-killed = recorder { $pid } was killed with SIGKILL; it was started again
demo-sync = The handheld sends again
demo-synced = { $count } recorded, none waiting
demo-second-post = The same copy is shown at Torugart
demo-show = The record holds each hand-in exactly once
demo-shown = { $records } hand-ins of { $number }
demo-alerts = The copy that was handed in twice raised an alert
demo-audit = The audit finds the record whole
demo-audited = { $records } records
demo-inside = Who is inside
demo-is-inside = { $number } in { $zones }
demo-permit = The traveller checks the permit against the passport
demo-permit-same = every field is the same
demo-permit-altered = A wrong digit is named to the traveller
demo-seal = The seals on the paper are valid
demo-seals-valid = { $count } seals are VALID
up-set-up = Nobody works at the desk yet. Make the first manager, once, in a browser: { $link }
