//! The TCP ports that are asked where the product file names none, and how it names them.

use std::collections::BTreeSet;

/// What devices of the Internet of things and the services beside them listen on: in each line a subject and its ports.
const USUAL: &str = include_str!("usual_ports.txt");

/// About a thousand TCP ports that devices and the services beside them use.
pub fn usual_ports() -> Vec<u16> {
    let lists = USUAL.lines().filter_map(|line| line.split_once(':'));
    let ports: BTreeSet<u16> = lists.flat_map(|(_, ports)| parse_ports(ports).unwrap_or_default()).collect();
    ports.into_iter().collect()
}

/// Reads a list of ports such as `1-1024,8080`, in order and each once.
///
/// # Errors
/// Where something in it is no port or range; the message says what, and at which character.
pub fn parse_ports(text: &str) -> Result<Vec<u16>, String> {
    let mut ports = BTreeSet::new();
    let mut place = 1;
    for part in text.split(',') {
        let wrong = |what: &str| format!("'{}' at character {place} {what}", part.trim());
        let number = |digits: &str| match digits.trim().parse::<u16>() {
            Ok(0) | Err(_) => Err(wrong("is no port: expected a number from 1 to 65535, or a range such as 1-1024")),
            Ok(port) => Ok(port),
        };
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(part)?, number(part)?),
        };
        if first > last {
            return Err(wrong("is a range that ends before it begins"));
        }
        ports.extend(first..=last);
        place += part.chars().count() + 1;
    }
    Ok(ports.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn about_a_thousand_with_all_that_matter() {
        assert!(USUAL.lines().all(|line| line.split_once(':').is_some_and(|(_, ports)| parse_ports(ports).is_ok())));
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

    #[test]
    fn lists_of_ports() {
        assert_eq!(parse_ports("8080, 1-3,2").unwrap(), [1, 2, 3, 8080]);
        assert_eq!(parse_ports("1-65535").unwrap().len(), 65535);
        assert!(parse_ports("80,x").unwrap_err().starts_with("'x' at character 4 is no port"));
        assert!(parse_ports("80,9-3").unwrap_err().contains("ends before it begins"));
        for wrong in ["", "0", "65536", "1-", "-5", "1--3", "80;81"] {
            assert!(parse_ports(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_does_no_harm(text in ".{0,40}") {
            let _ = parse_ports(&text);
        }
    }
}
