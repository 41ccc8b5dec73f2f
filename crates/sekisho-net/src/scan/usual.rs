//! The TCP ports that are asked where the product file names none.

use std::collections::BTreeSet;

use sekisho_model::product::ports_in;

/// What devices of the Internet of things and the services beside them listen on: in each line a subject and its ports.
const USUAL: &str = include_str!("usual_ports.txt");

/// About a thousand TCP ports that devices and the services beside them use.
pub fn usual_ports() -> Vec<u16> {
    let lists = USUAL.lines().filter_map(|line| line.split_once(':'));
    let ports: BTreeSet<u16> = lists.flat_map(|(_, ports)| ports_in(ports).unwrap_or_default()).collect();
    ports.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_a_thousand_with_all_that_matter() {
        assert!(USUAL.lines().all(|line| line.split_once(':').is_some_and(|(_, ports)| ports_in(ports).is_ok())));
        let ports = usual_ports();
        assert!((900..1200).contains(&ports.len()), "{}", ports.len());
        let wanted = [
            21, 22, 23, 25, 53, 80, 81, 88, 102, 110, 111, 135, 139, 143, 443, 445, 465, 502, 515, 548, 554, 587, 631,
            873, 990, 993, 995, 1080, 1433, 1723, 1880, 1883, 1900, 1935, 2000, 2049, 2323, 3000, 3128, 3306, 3389,
            3702, 4567, 4786, 4840, 5000, 5001, 5060, 5222, 5353, 5357, 5431, 5432, 5555, 5683, 5684, 5900, 6379, 6667,
            7000, 7070, 7547, 8000, 8080, 8100, 8123, 8443, 8554, 8883, 8888, 9000, 9090, 9100, 9999, 10000, 20000,
            37777, 34567, 44818, 47808, 49152, 49160,
        ];
        for port in wanted {
            assert!(ports.binary_search(&port).is_ok(), "{port}");
        }
    }
}
