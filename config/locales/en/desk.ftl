# The desk's words for clerks. Findings about passport data stand in findings.ftl.
row = traveller { $row }:
row-field = traveller { $row }, { $field }:
order-refused = The order was not issued. Mend the errors above, or override one with --override CODE --reason TEXT.
check-refused = Not ready to issue: mend the errors above ({ $travellers } travellers read).
check-good = Ready to issue: { $travellers } travellers, no error.
quote = About { $amount } { $currency } and { $copies } copies beside the original. Source: { $source }, { $as_of }.
permit-issued = Permit { $permit }, version { $version }, valid { $valid_from } to { $valid_to }; original and { $copies } copies: { $pdf }
permit-price = Price: about { $amount } { $currency }.
permit-revoked = Permit { $permit } is revoked. Checkpoints learn of it at their next contact.
role-guide = guide
role-driver = driver
batch-summary = { $issued } issued, { $already } issued earlier; PDFs in { $out }.
batch-refused = { $count } not issued: see the lines above, mend the files and run the same command again.
batch-left = { $count } not sent yet.
batch-order-changed = its file was changed after it was issued as permit { $permit }; use: propusk desk correct { $permit } FILE --reason TEXT
batch-interrupted = The batch was interrupted; nothing is lost. Run the same command again to go on
