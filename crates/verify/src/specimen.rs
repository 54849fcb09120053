//! For tests: a room on 1 June 2026, with one permit of ICAO's specimen (Doc 9303-4, appendix B).

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::connect_info::MockConnectInfo;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, Response, StatusCode};
use propusk_boot::http::Token;
use propusk_boot::skeleton::{Options, Service};
use propusk_boot::{Language, Setting};
use propusk_passport::read_mrz;
use propusk_permit::order::{Contents, Traveller};
use propusk_permit::{Permit, PermitNumber};
use propusk_proto::{
    Change, NumberKey, NumberTag, PermitDetails, PermitEvent, PermitKey, PermitStatus, SealedDetails,
};
use propusk_region::ZoneId;
use tower::ServiceExt;
use uuid::Uuid;

use crate::api;
use crate::service::Verify;

/// The passport of its traveller.
pub(crate) const LINES: [&str; 2] =
    ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"];

/// The number of the room's one permit.
pub(crate) fn number() -> PermitNumber {
    PermitNumber::draw(|| [1; 8])
}

/// A number of which there is no permit.
pub(crate) fn unknown() -> PermitNumber {
    PermitNumber::draw(|| [4; 8])
}

/// A room in a folder of its own, on 1 June 2026, with one permit of the ICAO specimen.
pub(crate) struct Room {
    verify: Arc<Verify>,
    pub(crate) router: Router,
    _folder: tempfile::TempDir,
}

/// A room with these lines of configuration.
pub(crate) fn room(config: &str) -> Room {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("propusk.toml"), config).unwrap();
    let options = Options {
        data: folder.path().to_owned(),
        config: None,
        today: Some(jiff::civil::date(2026, 6, 1)),
        lang: Some(Language::En),
        json: false,
    };
    let setting = Setting::prepare(&options).unwrap();
    let service = Service::start("verify", setting, Default::default()).unwrap();
    let verify = Arc::new(Verify::open(service).unwrap());
    let router = api::router(verify.clone(), Token::draw().unwrap());
    let router = router.layer(MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 9))));
    let room = Room { verify, router, _folder: folder };
    room.take(1, "L898902C3", None);
    room
}

impl Room {
    /// Takes a version of the permit, with this document number; or its revocation at a moment.
    pub(crate) fn take(&self, version: u8, document_number: &str, revoked: Option<i64>) {
        let today = jiff::civil::date(2026, 6, 1);
        let mut person = read_mrz(&LINES, today).person();
        person.document_number = Some(document_number.to_owned());
        person.issuing_state = None;
        let traveller =
            Traveller { person, mrz: vec![], mrz_generated: false, visual_name: None, role: None };
        let contents = Contents {
            zones: vec![ZoneId::new("naryn")],
            route: vec![],
            valid_from: jiff::civil::date(2026, 6, 1),
            valid_to: jiff::civil::date(2026, 6, 30),
            authority_reference: None,
            purpose: None,
            vehicle: None,
            travellers: vec![traveller],
        };
        let id = Uuid::from_u128(1);
        let permit = Permit { version, ..Permit::issue(id, number(), contents, 3, today) };
        let details = PermitDetails::of(&permit, "Specimen");
        let key = NumberKey::derive(&number()).unwrap();
        let details = SealedDetails::seal(&details, &key, &PermitKey([version; 32]), &[version; 48]).unwrap();
        let status = PermitStatus {
            tag: NumberTag::of(&number()),
            version,
            valid_from: permit.contents.valid_from.into(),
            valid_to: permit.contents.valid_to.into(),
            zones: 4,
            posts: vec![],
            copies: 3,
            travellers: 1,
        };
        let change = match (revoked, version) {
            (Some(_), _) => Change::Revoked,
            (None, 1) => Change::Issued { status, details },
            (None, _) => Change::Corrected { status, details },
        };
        let at_ms = revoked.unwrap_or(1_780_000_000_000);
        let event =
            PermitEvent { permit_id: id, sequence: version.into(), at_ms, office: "SPECIMEN".into(), change };
        let mut taking = self.verify.shelf.taking();
        taking.take(&event).unwrap();
        taking.commit().unwrap();
    }

    /// Sends a body; the answer is its status, text and headers.
    pub(crate) async fn send(
        &self,
        path: &str,
        kind: &str,
        body: String,
    ) -> (StatusCode, String, Response<()>) {
        let request = Request::post(path).header(CONTENT_TYPE, kind).body(Body::from(body));
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        (parts.status, String::from_utf8(bytes.into()).unwrap(), Response::from_parts(parts, ()))
    }
}
