//! Looking at hosts, domains and published documents over the network: only what the product file declares and authorizes, and never more than was confirmed.

use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use sekisho_import::PublishedCollector;
use sekisho_model::Text;
use sekisho_model::address;
use sekisho_model::artefact::{Artefact, ArtefactKind};
use sekisho_model::collect::{Collection, OnProgress, Progress};
use sekisho_model::coverage::Aspect;
use sekisho_model::network::{FailureKind, Vantage};
use sekisho_model::product::{Account, Authorized, Component, Interface, Product, ports_in};
use sekisho_net::document;
use sekisho_net::domain::{self, Resolver, TrustAnchors};
use sekisho_net::message::MessageCollector;
use sekisho_net::tls::Roots;
use sekisho_net::{Bounds, Budget, Failure, Findings, Login, Stop, Survey, plan, scan};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::NetworkArgs;
use crate::messages;
use crate::printer::Printer;
use crate::reading::Reader;

/// How far the network may be used in this run.
pub(crate) struct Live {
    now: OffsetDateTime,
    folder: PathBuf,
    offline: bool,
    /// Whether the user agreed to the active tests that the product file authorizes.
    confirmed: bool,
    /// From where hosts are asked.
    vantage: Vantage,
    bounds: Bounds,
    stop: Stop,
    resolver: Option<SocketAddr>,
    trust_anchors: Option<TrustAnchors>,
    roots: Option<Roots>,
}

impl Live {
    /// Nothing is contacted.
    pub(crate) fn offline(now: OffsetDateTime) -> Self {
        Self {
            now,
            folder: PathBuf::new(),
            offline: true,
            confirmed: false,
            vantage: Vantage::Unknown,
            bounds: Bounds::default(),
            stop: Stop::default(),
            resolver: None,
            trust_anchors: None,
            roots: None,
        }
    }

    /// As the arguments and the product file say. Where active tests are authorized, it says what they will do and asks; from then on Ctrl-C
    /// ends what runs and keeps what was seen, and a second one ends the program.
    pub(crate) fn prepare(
        product: &Product,
        file: &Path,
        args: &NetworkArgs,
        now: OffsetDateTime,
        printer: &Printer,
    ) -> anyhow::Result<Self> {
        let mut live = Self::offline(now);
        let anything = product.components.iter().any(|component| component.most_authorized() > Authorized::Passive);
        if args.pace.offline || !anything {
            return Ok(Self { offline: args.pace.offline, ..live });
        }
        live.offline = false;
        live.folder = file.parent().unwrap_or_else(|| Path::new(".")).to_path_buf();
        live.vantage = args.vantage.from.map_or(Vantage::Unknown, Into::into);
        live.bounds.per_second = args.pace.rate;
        live.bounds.total = Duration::from_secs(args.pace.time.time.into());
        live.resolver = args.resolver.resolver.as_deref().map(server).transpose()?;
        live.trust_anchors = args.resolver.trust_anchor.as_deref().map(trust_anchors).transpose()?;
        live.roots = args.roots.roots.as_deref().map(roots).transpose()?;
        let tests = active_tests(product);
        live.confirmed = tests.is_empty() || args.active.yes || confirm(&tests, printer)?;
        live.stop = interruptible()?;
        Ok(live)
    }

    /// Looks at one host or domain of a component.
    ///
    /// # Errors
    /// Why nothing could be looked at.
    pub(crate) fn read(
        &self,
        kind: ArtefactKind,
        component: &Component,
        name: &str,
        progress: OnProgress<'_>,
    ) -> Result<Collection, Text> {
        self.may(component)?;
        let findings = match kind {
            ArtefactKind::Host => self.host(component, name, progress)?,
            _ => self.domain(component, name)?,
        };
        // Of what can be reached from the Internet only a look from there tells.
        let outside = self.vantage == Vantage::Internet;
        let aspects: Vec<Aspect> =
            kind.aspects().iter().copied().filter(|aspect| outside || *aspect != Aspect::NetworkReach).collect();
        Ok(findings.into_collection(self.looked_at(kind, component, name), &aspects))
    }

    fn host(&self, component: &Component, name: &str, progress: OnProgress<'_>) -> Result<Findings, Text> {
        let failed = |failure: &Failure| failure.reason();
        let ports = match &component.tcp_ports {
            Some(ports) => ports_in(ports).map_err(|error| Text::new(error.clone(), error))?,
            None => scan::usual_ports(),
        };
        let addresses = plan::addresses(name).map_err(|failure| failed(&failure))?;
        let mut findings = addresses.gaps(name);
        for address in addresses.looked_at {
            findings.extend(self.survey(component, address, plan::name(name), &ports, progress));
        }
        Ok(findings)
    }

    fn survey(
        &self,
        component: &Component,
        address: IpAddr,
        name: Option<&str>,
        ports: &[u16],
        progress: OnProgress<'_>,
    ) -> Findings {
        let accounts = |interface: &Interface| self.accounts(interface);
        let mut host = plan::host(component, address, name, ports.to_vec(), &accounts);
        host.vantage = self.vantage;
        if !self.confirmed {
            host.no_active_tests();
        }
        let budget = Budget::new(self.bounds, self.stop.clone());
        let survey = Survey { now: self.now, roots: self.roots.as_ref(), budget: &budget, progress };
        let mut findings = survey.host(&host);
        if self.vantage == Vantage::Internet && address::scope(host.address) != "internet" {
            findings.gap(&[Aspect::NetworkReach], &host.address.to_string(), &messages::no_address_of_the_internet());
        }
        if !self.confirmed && component.most_authorized() == Authorized::Active {
            findings.gap(&sekisho_net::ACTIVE, &address.to_string(), &messages::not_confirmed());
        }
        findings
    }

    fn domain(&self, component: &Component, name: &str) -> Result<Findings, Text> {
        let domain = component.domains.iter().flatten().find(|domain| domain.name == name);
        let Some(domain) = domain else { return Err(Failure::new(FailureKind::Unresolved).reason()) };
        let resolver = self.resolver().map_err(|error| Text::new(error.to_string(), error.to_string()))?;
        let budget = Budget::new(self.bounds, self.stop.clone());
        Ok(domain::look(domain, &resolver, self.now, &budget))
    }

    /// Fetches a document that a component's product file names by its address, and lets `reader` read it.
    ///
    /// # Errors
    /// Why nothing was fetched or could be read.
    pub(crate) fn published(
        &self,
        component: &Component,
        address: &str,
        reader: &Reader,
        progress: OnProgress<'_>,
    ) -> Result<Collection, Text> {
        const KIND: ArtefactKind = ArtefactKind::Published;
        self.may(component)?;
        let most = PublishedCollector::most();
        let bundled = Roots::bundled();
        let roots = self.roots.as_ref().map_or_else(|| bundled.clone(), |own| bundled.clone().with(own));
        let resolver = self.resolver().map_err(|error| Text::new(error.to_string(), error.to_string()))?;
        let budget = Budget::new(document::bounds(self.bounds, most), self.stop.clone());
        progress(Progress::Step(address));
        let size = usize::try_from(most).unwrap_or(usize::MAX);
        let fetched = match document::fetch(address, size, &resolver, &roots, self.now, &budget) {
            Ok(fetched) => fetched,
            Err(findings) => {
                return Ok(findings.into_collection(self.looked_at(KIND, component, address), KIND.aspects()));
            }
        };
        // A confined process reads files, so it is given one.
        let written =
            tempfile::NamedTempFile::new().and_then(|file| fs::write(file.path(), &fetched.bytes).map(|()| file));
        let file = written.map_err(|error| Text::new(error.to_string(), error.to_string()))?;
        let read = reader.read(KIND, file.path(), address, &component.id, progress);
        let mut collection = read.map_err(|error| Text::new(error.to_string(), error.to_string()))?;
        collection.artefact.made = self.now.format(&Rfc3339).ok();
        if fetched.url != address {
            for fact in &mut collection.facts {
                fact.source.path = Some(fetched.url.clone());
            }
        }
        Ok(collection)
    }

    /// Whether anything of a component may be contacted in this run.
    fn may(&self, component: &Component) -> Result<(), Text> {
        if self.offline {
            return Err(messages::left_out_offline());
        }
        if component.most_authorized() == Authorized::Passive {
            return Err(messages::not_authorized());
        }
        Ok(())
    }

    /// What was looked at over the network, as an artefact.
    fn looked_at(&self, kind: ArtefactKind, component: &Component, name: &str) -> Artefact {
        Artefact {
            name: name.to_owned(),
            kind,
            subject: component.id.clone(),
            size: None,
            sha256: None,
            made: self.now.format(&Rfc3339).ok(),
        }
    }

    fn resolver(&self) -> io::Result<Resolver> {
        let resolver = self.resolver.map_or_else(Resolver::system, |server| Ok(Resolver::at(server)))?;
        Ok(match &self.trust_anchors {
            Some(anchors) => resolver.with_trust_anchors(anchors.clone()),
            None => resolver,
        })
    }

    /// The collector for a component's sample messages that asks for the keys of their signatures; none where it may not ask.
    pub(crate) fn messages(&self, component: &Component) -> Option<MessageCollector> {
        let may = !self.offline && component.most_authorized() > Authorized::Passive;
        let resolver = may.then(|| self.resolver().ok()).flatten()?;
        Some(MessageCollector::default().with_resolver(resolver, self.stop.clone()))
    }

    /// The test accounts of an interface whose passwords are to be had.
    fn accounts(&self, interface: &Interface) -> Vec<Login> {
        interface
            .accounts
            .iter()
            .filter_map(|account| Some(Login { user: account.user.clone(), password: self.password(account)? }))
            .collect()
    }

    fn password(&self, account: &Account) -> Option<String> {
        if let Some(variable) = &account.password_env {
            return std::env::var(variable).ok();
        }
        let text = fs::read_to_string(self.folder.join(account.password_file.as_deref()?)).ok()?;
        text.lines().next().map(str::to_owned)
    }
}

/// Lets Ctrl-C end what runs, so that what was seen is kept; a second one ends the program.
pub(crate) fn interruptible() -> anyhow::Result<Stop> {
    let stop = Stop::default();
    // The second signal finds the flag set and ends the program at once.
    signal_hook::flag::register_conditional_shutdown(signal_hook::consts::SIGINT, 130, stop.flag())?;
    signal_hook::flag::register(signal_hook::consts::SIGINT, stop.flag())?;
    Ok(stop)
}

/// What is authorized to be tried actively, for people: component, interface, port.
fn active_tests(product: &Product) -> Vec<String> {
    let mut tests = Vec::new();
    for component in product.components.iter().filter(|component| !component.artefacts(ArtefactKind::Host).is_empty()) {
        let whole = component.authorized.unwrap_or_default();
        let addresses = component.artefacts(ArtefactKind::Host).join(", ");
        for interface in component.interfaces.iter().flatten() {
            if let Some(port) = interface.port
                && interface.authorized.unwrap_or(whole) == Authorized::Active
            {
                tests.push(format!("{} ({addresses}): {} {port}", component.id, interface.kind));
            }
        }
        if whole == Authorized::Active {
            tests.push(format!("{} ({addresses}): *", component.id));
        }
    }
    tests
}

/// Says what active tests do, and to what, and asks. Without a terminal the answer is no.
fn confirm(tests: &[String], printer: &Printer) -> anyhow::Result<bool> {
    let asks = io::stdin().is_terminal() && io::stderr().is_terminal();
    printer.say(messages::active_tests(tests, asks).get(printer.lang));
    if !asks {
        return Ok(false);
    }
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "はい"))
}

fn server(text: &str) -> anyhow::Result<SocketAddr> {
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Ok(address);
    }
    let address = text.trim_matches(['[', ']']).parse::<IpAddr>();
    address
        .map(|address| (address, 53).into())
        .map_err(|_| anyhow!("--resolver '{text}' is no address such as 192.0.2.53 or [2001:db8::53]:5353"))
}

fn trust_anchors(file: &Path) -> anyhow::Result<TrustAnchors> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    TrustAnchors::parse(&text).map_err(|error| anyhow!("{}: {error}", file.display()))
}

fn roots(file: &Path) -> anyhow::Result<Roots> {
    let pem = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Roots::from_pem(&pem).map_err(|error| anyhow!("{}: {error}", file.display()))
}
