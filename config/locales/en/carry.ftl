# A driver's pocket instead of a signal, and a device that was revoked.
bundle-exported = { $waiting } hand-ins of this device are in { $file }, { $pieces } parcels in all. They stay here until their receipts come back.
bundle-imported = Receipts for { $settled } hand-ins, { $permits } permit changes. From neighbouring posts: { $parcels } parcels to pass on, { $copies } copies handed in there.
revoked-wiped = This device was revoked. Its key, the permits and the soldiers' PINs are gone. { $waiting } hand-ins without a receipt are kept in { $file }: give that file to the operator.
