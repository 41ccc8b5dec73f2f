//! How many domains a minute can be looked at: `domains NAME-SERVER:PORT FILE-OF-NAMES THREADS`. Nothing is kept from one domain to the next.
//! Mail and web servers are not contacted where a domain names none. `benches/domains.sh` runs it.

#![expect(clippy::print_stdout, reason = "an example")]

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use sekisho_model::product::Domain;
use sekisho_net::domain::{Resolver, look};
use sekisho_net::{Bounds, Budget, Stop};
use time::OffsetDateTime;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [server, file, threads] = arguments.as_slice() else {
        return Err("domains NAME-SERVER:PORT FILE-OF-NAMES THREADS".into());
    };
    let resolver = Resolver::at(server.parse()?);
    let names = std::fs::read_to_string(file)?;
    let domains: Vec<Domain> =
        names.lines().map(|name| Domain { name: name.to_owned(), mail: Some(true), ..Domain::default() }).collect();
    let threads: usize = threads.parse()?;
    let (next, asked, unanswered) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(domain) = domains.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let budget = Budget::new(Bounds::default(), Stop::default());
                    let findings = look(domain, &resolver, OffsetDateTime::now_utc(), &budget);
                    asked.fetch_add(budget.spent() as usize, Ordering::Relaxed);
                    unanswered.fetch_add(
                        findings.gaps.iter().filter(|(_, gap)| gap.reason.en.starts_with("dns-")).count(),
                        Ordering::Relaxed,
                    );
                }
            });
        }
    });
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{} domains on {threads} threads, {} questions, {} of names unanswered: {seconds:.2} s, {:.0} domains a minute",
        domains.len(),
        asked.load(Ordering::Relaxed),
        unanswered.load(Ordering::Relaxed),
        domains.len() as f64 * 60.0 / seconds
    );
    Ok(())
}
