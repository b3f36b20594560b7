//! An e-mail address, judged strictly: what is not plainly an address is none (I5).

/// The longest address that can be delivered to (RFC 5321 section 4.5.3.1.3, without the brackets).
const MAX_LENGTH: usize = 254;
/// The longest part before the `@` (RFC 5321 section 4.5.3.1.1).
const MAX_LOCAL: usize = 64;
/// The longest label of a domain name (RFC 1035 section 2.3.4).
const MAX_LABEL: usize = 63;

/// An address in lower case, of printable ASCII, with exactly one `@`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Address {
    text: String,
    at: usize,
}

impl Address {
    /// Reads an address. Quoted local parts, comments, address literals, letters outside ASCII (homoglyphs among them), a
    /// trailing dot, white space and a second `@` make it none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let (local, domain) = text.split_once('@')?;
        if !is_local_part(local) || !is_domain(domain) {
            return None;
        }
        Some(Self { text: text.to_ascii_lowercase(), at: local.len() })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands after the `@`, in lower case.
    pub(crate) fn domain(&self) -> &str {
        self.text.get(self.at + 1..).unwrap_or_default()
    }
}

/// RFC 5322 `atext` and dots; nothing that needs quotes.
fn is_local_part(local: &str) -> bool {
    (1..=MAX_LOCAL).contains(&local.len())
        && local.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~".contains(&byte))
}

/// A domain name of at least two labels, the last of which is not a number (so no IP address).
pub(crate) fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let is_number = |label: &&str| label.bytes().all(|byte| byte.is_ascii_digit());
    domain.len() <= MAX_LENGTH
        && labels.len() >= 2
        && labels.iter().all(|label| is_label(label))
        && !labels.last().is_some_and(is_number)
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i5_what_is_an_address() {
        for (text, expected) in [
            ("adele@contoso.example", Some("adele@contoso.example")),
            ("Adele.Vance@CONTOSO.Example", Some("adele.vance@contoso.example")),
            ("a@b.co", Some("a@b.co")),
            ("o'neill+sso@mail.contoso.example", Some("o'neill+sso@mail.contoso.example")),
            ("megan_fabrikam.example#EXT#@contoso.example", Some("megan_fabrikam.example#ext#@contoso.example")),
            ("a@xn--bcher-kva.example", Some("a@xn--bcher-kva.example")),
        ] {
            let address = Address::parse(text);
            assert_eq!(address.as_ref().map(Address::as_str), expected, "{text}");
        }
    }

    #[test]
    fn i5_what_is_no_address() {
        let long_local = format!("{}@contoso.example", "a".repeat(65));
        let long = format!("a@{}.example", vec!["a".repeat(60); 5].join("."));
        for text in [
            "",
            "@",
            "adele",
            "@contoso.example",
            "adele@",
            "adele@good.example@evil.example",
            "adele@@good.example",
            "\"adele@good.example\"@evil.example",
            "\"a b\"@good.example",
            "adele@good.example.",
            "adele@.good.example",
            "adele@good..example",
            "adele@-good.example",
            "adele@good-.example",
            "adele@good_.example",
            "adele@good.example\n",
            "adele@good.example\r\nbcc:x",
            "adele\0@good.example",
            " adele@good.example",
            "adele@good.example ",
            "adele @good.example",
            "adele\u{ff20}good.example",
            "adele@good.example\u{ff20}evil.example",
            "adele@g\u{43e}\u{43e}d.example",
            "adele@good\u{ff0e}example",
            "adele@good\u{3002}example",
            "ad\u{e8}le@good.example",
            "adele@[127.0.0.1]",
            "adele@127.0.0.1",
            "adele@localhost",
            "adele(comment)@good.example",
            "adele,eve@good.example",
            "adele;eve@good.example",
            "<adele@good.example>",
            "Adele <adele@good.example>",
            "adele@good.example,evil.example",
            "adele@good.example/evil",
            "mailto:adele@good.example",
            "adele@*.example",
            long_local.as_str(),
            long.as_str(),
        ] {
            assert!(Address::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn i5_the_domain_is_what_stands_after_the_only_at() {
        assert_eq!(Address::parse("A@B.Example").as_ref().map(Address::domain), Some("b.example"));
    }
}
