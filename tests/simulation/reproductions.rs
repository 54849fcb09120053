//! Schedules that once broke an invariant, each shortened by the simulation and kept under the name of its defect.

use crate::operation::{Dies::*, Op, Op::*, Way::*};

pub(crate) const ALL: &[(&str, &[Op])] = &[
    (
        "the evidence of a rewritten record was forgotten with the question that showed it",
        &[
            Scan { on: 1, what: 52137 },
            Send { on: 1, fates: 16606403883566130129, bad: false, dies: false },
            Pull { most: 5, dies: No },
            Mail { nth: 112, way: Arrives },
            Rewrite { nth: 56 },
        ],
    ),
    (
        "a hand-in that arrived after its own undo raised an alert",
        &[Scan { on: 2, what: 46736 }, Scan { on: 3, what: 60953 }, Scan { on: 3, what: 15216 }],
    ),
    (
        "a device whose clock ran ahead forgot what a restored recorder would ask for",
        &[
            Scan { on: 3, what: 20896 },
            ClockJump { on: 3, hours: 864 },
            Send { on: 3, fates: 11987714811974505913, bad: false, dies: false },
            Pull { most: 4, dies: No },
            Mail { nth: 210, way: Arrives },
            Tidy { on: 3 },
        ],
    ),
    (
        "a receipt of the restored recorder hid from its device that an older one was lost",
        &[
            Scan { on: 3, what: 49029 },
            Send { on: 3, fates: 13892192096148282015, bad: false, dies: false },
            Wait { seconds: 5 },
            Pull { most: 9, dies: No },
            Mail { nth: 30, way: Repeated },
            Scan { on: 3, what: 21699 },
            Restore { on: 0 },
            Send { on: 3, fates: 15623487438342788668, bad: false, dies: false },
            Pull { most: 14, dies: No },
            Mail { nth: 75, way: Repeated },
        ],
    ),
    (
        "what was recorded before a device was revoked was refused when it came again",
        &[
            Scan { on: 2, what: 35290 },
            Send { on: 2, fates: 580030576897214367, bad: false, dies: false },
            Pull { most: 16, dies: No },
            Mail { nth: 46, way: Lost },
            Revoke { on: 2 },
        ],
    ),
    (
        "a device had room for one replaced head, and dropped the next one unasked",
        &[
            Clone { of: 1 },
            Scan { on: 4, what: 19478 },
            Send { on: 4, fates: 1189399656033320872, bad: true, dies: false },
            Pull { most: 7, dies: No },
            Scan { on: 1, what: 53324 },
            Mail { nth: 111, way: Arrives },
            Scan { on: 1, what: 521 },
            Send { on: 1, fates: 3361073928133098315, bad: true, dies: false },
            Pull { most: 16, dies: No },
            Rewrite { nth: 251 },
            Mail { nth: 221, way: Arrives },
        ],
    ),
    (
        "a device with a dead clock, restored twice from one backup, began the same epoch twice",
        &[
            Scan { on: 1, what: 0x106 },
            Backup { on: 1 },
            ClockJump { on: 1, hours: -1440 },
            Restore { on: 1 },
            Scan { on: 1, what: 0x206 },
            Send { on: 1, fates: 0, bad: false, dies: false },
            Pull { most: 16, dies: No },
            Restore { on: 1 },
            Scan { on: 1, what: 0x506 },
            Send { on: 1, fates: 0, bad: false, dies: false },
            Mail { nth: 0, way: Arrives },
        ],
    ),
    (
        "the refusal of a twin made its device send the recorded hand-in again under a new number, and it was stored twice",
        &[
            Scan { on: 1, what: 49212 },
            Send { on: 1, fates: 15365641293163323204, bad: false, dies: false },
            Pull { most: 1, dies: No },
            BrokerRestart { acks: 1, messages: 5 },
            Twin { nth: 208 },
        ],
    ),
    (
        "a restored record had lost the note that a hand-in may come under another number",
        &[
            Scan { on: 2, what: 7434 },
            Send { on: 2, fates: 15541651768722456545, bad: false, dies: false },
            Pull { most: 12, dies: No },
            Backup { on: 0 },
            Twin { nth: 214 },
            Mail { nth: 63, way: Arrives },
            Restore { on: 0 },
        ],
    ),
    (
        "a restored recorder had forgotten a revocation and took from the stream what its device showed as refused",
        &[
            Revoke { on: 1 },
            Scan { on: 1, what: 5188 },
            Send { on: 1, fates: 15401759693351407612, bad: false, dies: false },
            Pull { most: 15, dies: AfterOneReceipt },
            Mail { nth: 99, way: Repeated },
            Restore { on: 0 },
        ],
    ),
    (
        "a device forgot what it had just sent, because the clock of the recorder that receipted it was weeks behind",
        &[
            Ask { on: 2, random: 1192903328, lost: false },
            Scan { on: 2, what: 45785 },
            Scan { on: 2, what: 35309 },
            Send { on: 2, fates: 17224847840753398335, bad: true, dies: false },
            ClockJump { on: 4, hours: -1009 },
            Pull { most: 1, dies: BeforeAck },
            Mail { nth: 79, way: Arrives },
            Tidy { on: 2 },
        ],
    ),
];
