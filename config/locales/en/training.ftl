# Training with specimen permits.
training-banner = TRAINING – nothing is recorded
training-lessons = Nothing to scan? Type = and a number, then Enter:
lesson-good = a good permit and its passport; once more, and the copy was there before
lesson-group = a group of three: tick off 1 2 3, or *
lesson-expired = an expired permit
lesson-zone = a permit for another zone
lesson-revoked = a revoked permit
lesson-forged = a forged seal
lesson-passport = a passport whose number differs
lesson-foreign = something that is no permit
