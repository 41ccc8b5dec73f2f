//! How many domains a minute can be looked at: `domains NAME-SERVER:PORT DOMAIN COUNT THREADS`. Looks at the domain again and again; nothing is
//! kept in between. Mail and web servers are not contacted where the domain names none.

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
    let [server, name, count, threads] = arguments.as_slice() else {
        return Err("domains NAME-SERVER:PORT DOMAIN COUNT THREADS".into());
    };
    let (resolver, count) = (Resolver::at(server.parse()?), count.parse::<usize>()?);
    let domain = Domain { name: name.clone(), ..Domain::default() };
    let (next, asked, failed) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads.parse::<usize>().unwrap_or(1) {
            scope.spawn(|| {
                while next.fetch_add(1, Ordering::Relaxed) < count {
                    let budget = Budget::new(Bounds::default(), Stop::default());
                    let findings = look(&domain, &resolver, OffsetDateTime::now_utc(), &budget);
                    asked.fetch_add(budget.spent() as usize, Ordering::Relaxed);
                    failed.fetch_add(usize::from(!findings.gaps.is_empty()), Ordering::Relaxed);
                }
            });
        }
    });
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{count} domains, {} questions, {} with gaps: {seconds:.2} s, {:.0} domains a minute",
        asked.load(Ordering::Relaxed),
        failed.load(Ordering::Relaxed),
        count as f64 * 60.0 / seconds
    );
    Ok(())
}
