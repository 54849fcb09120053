# What `propusk verify` says. Messages of passport findings stand in findings.ftl.
field-document-code = Document code
field-issuing-state = Issuing state
field-surname = Surname
field-given-names = Given names
field-document-number = Document number
field-nationality = Nationality
field-birth-date = Date of birth
field-sex = Sex
field-expiry-date = Date of expiry
field-optional-data = Optional data
field-optional-data-2 = Optional data 2
field-same = the same
field-differs = differs
field-not-on-permit = not on the permit

passport-valid = valid
passport-not-valid = not valid

seal-valid = the seal is good.
seal-read-error = the code could not be read. Scan it again.
seal-wrong-format = this is no seal of Doc 9303-13.
seal-unknown-certificate = the signer is not known. Update the trust list, or give its key with --signer.
seal-untrusted-certificate = the signer may not grant this.
seal-expired-certificate = the signer's certificate does not cover the day.
seal-revoked-certificate = the signer has been revoked.
seal-invalid-documenttype = the signer may not sign documents of this kind.
seal-invalid-signature = the signature does not fit: altered, or a forgery.
seal-remark-unknown-feature = a part whose meaning is not known; it does no harm.
seal-remark-signed-after-today = signed after today. Is this machine's clock right?
seal-remark-trust-list-stale = the trust list is too old. Update it before relying on this.

trust-age = Trust list of { $issued }, { $days } days old; the next is due by { $due }.
trust-stale = This list is too old: fetch a new one before relying on it.
trust-revoked = REVOKED

permit-status-valid = valid today
permit-status-not-yet-valid = not yet valid
permit-status-expired = expired
permit-status-revoked = revoked
permit-status-superseded = superseded by a newer version
permit-status-unknown = no dates are known
permit-agrees = No error was found.
permit-not-found = No permit of this number names a traveller with these details. Compare the number and the details with the paper, letter by letter.
permit-proof-needed = Beside the permit number give one of: date of birth, surname, document number, or the lines of the MRZ.
permit-too-often = Too many attempts. Try again in { $minutes } min.

finding-permit-expired = The permit ended on { $valid_to }. Ask the agency for a new one.
finding-permit-not-yet-valid = The permit begins on { $valid_from }. Do not enter the zone before.
finding-permit-revoked = The permit has been revoked. Ask the agency.
finding-permit-superseded = A newer version of this permit replaces your copies. Ask the agency for new ones.
finding-seal-unusable = The seal can't be used: { $reason }. Scan the code again.
finding-seal-not-valid = The seal is not valid ({ $reason }). Do not rely on this paper; ask the agency.
finding-not-in-group = Nobody on this sheet is near this passport. Take the right sheet or passport.
finding-name-unlike-seal = The name in the passport is not the one that was sealed. Ask the agency to correct the permit.
finding-trust-list-stale = The list of trusted signers is too old. Update it before relying on this answer.
finding-differs = { $field }: the permit says something else in more than two characters. Compare the paper with the passport, and ask the agency to correct it.
finding-spelled-otherwise = { $field }: another spelling of the same letters. Compare the paper with the passport.
