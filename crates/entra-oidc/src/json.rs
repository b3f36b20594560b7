//! JSON from outside, read once and strictly: an object at the top, no member twice at any level (RFC 7519 section 4
//! lets us refuse; cases T13, X6), bounded depth. The caller has bounded the size.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How deep arrays and objects may stand in each other. Microsoft's documents use four levels.
const DEPTH: u8 = 16;

/// A JSON object with its members.
pub(crate) type Object = Map<String, Value>;

/// Reads one object and nothing after it.
///
/// # Errors
/// A text for the log: what is wrong and where, without any of the content.
pub(crate) fn object(bytes: &[u8]) -> Result<Object, String> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: DEPTH }.deserialize(&mut reader).map_err(|error| error.to_string())?;
    reader.end().map_err(|error| error.to_string())?;
    match value {
        Value::Object(object) => Ok(object),
        _ => Err("not a JSON object".to_owned()),
    }
}

/// The member when it is there. Another type is an error, never an absence (case T5).
pub(crate) fn optional_str<'a>(object: &'a Object, name: &str) -> Result<Option<&'a str>, String> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("`{name}` is not a string")),
    }
}

/// The member, which must be there and must be a string.
pub(crate) fn required_str<'a>(object: &'a Object, name: &str) -> Result<&'a str, String> {
    optional_str(object, name)?.ok_or_else(|| format!("`{name}` is missing"))
}

#[derive(Copy, Clone)]
struct Strict {
    depth: u8,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { depth })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(inner)?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a member stands there twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t13_a_member_twice_is_refused_at_every_level() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"x":[{"y":{"a":1,"b":2,"a":3}}]}"#,
        ] {
            assert!(object(text.as_bytes()).unwrap_err().contains("twice"), "{text}");
        }
    }

    #[test]
    fn x6_depth_is_bounded() {
        let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(object(nested(15).as_bytes()).is_ok());
        assert!(object(nested(16).as_bytes()).unwrap_err().contains("deep"));
        assert!(object(nested(100_000).as_bytes()).is_err());
        assert!(object("{\"a\":".repeat(100_000).as_bytes()).is_err());
    }

    #[test]
    fn only_one_whole_object_is_read() {
        for text in
            ["", "[]", "null", "1", "{} {}", "{}x", "{", r#"{"a":1,}"#, "{'a':1}", r#"{"a":NaN}"#, "{\"a\":1e999}"]
        {
            assert!(object(text.as_bytes()).is_err(), "{text}");
        }
        assert!(object(b"{\"a\":\"\xff\"}").is_err());
        assert_eq!(object(b" {\"a\": [1, -1, 1.5, true, null, \"x\"]} ").unwrap().len(), 1);
    }

    #[test]
    fn t5_a_wrong_type_is_an_error_and_not_an_absence() {
        let object = object(br#"{"a":1,"b":null,"c":"x"}"#).unwrap();
        assert!(optional_str(&object, "a").is_err());
        assert!(optional_str(&object, "b").is_err());
        assert_eq!(optional_str(&object, "c"), Ok(Some("x")));
        assert_eq!(optional_str(&object, "d"), Ok(None));
        assert!(required_str(&object, "d").is_err());
    }
}
