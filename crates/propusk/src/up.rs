//! `propusk up`: first start, then the supervisor, and the demo where it is asked for.

use std::ffi::OsString;

use propusk_boot::skeleton::Options;
use propusk_boot::{ExitStatus, Failed, Setting, shutdown};
use propusk_courier::check_address;

use crate::demo;
use crate::error::UpError;
use crate::events::{Event, Reporter};
use crate::layout::Layout;
use crate::supervise::{Broker, House, Plan};
use crate::trust::{self, DeskSigner, Refreshed};
use crate::{first_start, nats};

/// Arguments of `propusk up`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Play a permit's whole journey on a sample group of specimen passports
    #[arg(long)]
    demo: bool,
    /// End when the demo is over: 0 when every step held, 1 when one did not
    #[arg(long, requires = "demo")]
    once: bool,
}

/// Runs until a signal, or with `--once` until the demo is over.
pub(crate) fn run(arguments: &Arguments, options: &Options) -> Result<ExitStatus, Failed> {
    let setting = Setting::prepare(options)?;
    let section: nats::Section = setting.config.section("nats")?;
    if arguments.demo && !section.url.is_empty() {
        return Err(UpError::DemoNeedsPrivateBroker.into());
    }
    let desk = DeskSigner::configured(&setting)?;
    let private = section.url.is_empty();
    if !private {
        check_address(&section.url, &section.client_tls()?)?;
    }
    let server = private
        .then(|| nats::find_program(&section.server, std::env::var_os("PATH").as_deref()))
        .transpose()?;
    let place = section.place()?;
    if private && !setting.data.exists() {
        // Nothing of ours runs here that could have the port: a taken one is found before anything is written.
        nats::check_port(place.listen, section.port)?;
    }
    let instance = setting.instance()?;
    let _lock = instance.lock("up")?;
    instance.set_ready(false)?;
    let layout = Layout::of(&instance);
    layout.make_folders()?;
    let broker = match server {
        Some(server) => {
            let port = nats::choose_port(&layout, place.listen, section.port)?;
            let today = setting.clock.today();
            let configuration = nats::write_configuration(&layout, &section, &place, port, today)?;
            let certificate_host = Some(place.host.clone()).filter(|_| place.own_authority);
            Broker::Private { server, configuration, url: place.url(port), certificate_host }
        }
        None => Broker::Other { tls: section.client_tls()?, url: section.url },
    };
    first_start::complete(&layout)?;
    let reporter = Reporter::new(setting.clone());
    refresh_trust(&layout, &desk, &reporter)?;
    let plan = Plan {
        executable: std::env::current_exe()?,
        arguments: forwarded(options, instance.data().as_os_str().to_owned()),
        broker,
        desk,
    };
    // One thread: the kernel ties a child's life to the thread that started it (see `lifeline`).
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(async {
        let stop = shutdown::on_signals()?;
        let house = House::open(plan, instance, layout, reporter, stop)?;
        let lived = live(&house, arguments).await;
        house.close().await;
        lived
    });
    runtime.shutdown_background();
    Ok(answer?)
}

/// From the start of the rooms to the wish to stop.
async fn live(house: &House, arguments: &Arguments) -> anyhow::Result<ExitStatus> {
    let stop = house.stop.clone();
    tokio::select! {
        started = house.start() => started?,
        () = stop.cancelled() => return Ok(ExitStatus::Yes),
    }
    if arguments.demo {
        let held = tokio::select! {
            held = demo::play(house) => held,
            () = stop.cancelled() => return Ok(ExitStatus::from_answer(!arguments.once)),
        };
        if arguments.once {
            return Ok(ExitStatus::from_answer(held));
        }
    }
    stop.cancelled().await;
    Ok(ExitStatus::Yes)
}

/// Signs the trust list where that is due, and warns where it can't be.
pub(crate) fn refresh_trust(layout: &Layout, desk: &DeskSigner, reporter: &Reporter) -> anyhow::Result<()> {
    let clock = reporter.setting().clock;
    if let Refreshed::Old { days, names_us } = trust::refresh(layout, desk, clock.now(), clock.today())? {
        let root = layout.root_key();
        reporter.tell(&if names_us {
            Event::TrustListOld { days, root }
        } else {
            let (signer, reference) = (desk.id.signer.clone(), desk.id.certificate_reference.clone());
            Event::SignerNotListed { signer, reference, root }
        });
    }
    Ok(())
}

/// The options that the rooms and the demo's commands get too.
fn forwarded(options: &Options, data: OsString) -> Vec<OsString> {
    let mut arguments = vec!["--data".into(), data];
    if let Some(config) = &options.config {
        arguments.extend(["--config".into(), config.clone().into_os_string()]);
    }
    if let Some(today) = options.today {
        arguments.extend(["--today".into(), today.to_string().into()]);
    }
    if let Some(language) = options.lang {
        arguments.extend(["--lang".into(), language.code().into()]);
    }
    arguments
}
