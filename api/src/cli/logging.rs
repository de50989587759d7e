//! What is logged looks like this: a line for each event, none longer than 8 KiB, each of which parses.

use std::io::{self, IsTerminal, Write};

use serde_json::{Map, Value, json};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{Config, LogFormat};
use crate::problem::Error;

/// Longest line in bytes, with its end.
const LONGEST: usize = 8192;

/// Begins to log as the configuration says.
///
/// # Errors
/// When the setting `log` cannot be read.
pub fn begin(config: &Config) -> Result<(), Error> {
    // What these libraries say at every start is ours to say, once; and a request that cannot be read is no error of ours,
    // so nobody writes errors into our log by sending nonsense.
    let quiet = "sea_orm_migration=warn,actix_server=warn,actix_http::h1::dispatcher=off";
    // At `debug` the library of PostgreSQL writes down every value that it sends.
    let directives = format!("{quiet},{},tokio_postgres=warn", config.log);
    let filter = EnvFilter::try_new(directives).map_err(|error| Error::internal("read the setting `log`", error))?;
    let watched = io::stderr().is_terminal();
    let json = match config.log_format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !watched,
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter);
    let _ = if json {
        let builder = builder.with_writer(Lines(of_json));
        builder.json().flatten_event(true).with_span_list(false).try_init()
    } else {
        builder.with_writer(Lines(of_text)).with_ansi(watched).compact().try_init()
    };
    // A panic is a line of the log like others.
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "A part of the program broke down")));
    Ok(())
}

/// Writes lines to standard error as a function makes them. Each event comes as one buffer.
#[derive(Clone, Copy)]
struct Lines(fn(&str) -> String);

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        *self
    }
}

impl Write for Lines {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let line = self.0(String::from_utf8_lossy(buffer).trim_end_matches('\n'));
        // A log that cannot be written (its disk is full) stops nothing: to complain of it, there is only the log.
        let _ = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line of JSON that no reader of lines takes for two, shortened where it is too long.
fn of_json(line: &str) -> String {
    let mut made = one_line(line);
    for most in [1024, 256, 64] {
        if made.len() < LONGEST {
            return made;
        }
        let Ok(Value::Object(mut members)) = serde_json::from_str::<Value>(line) else { break };
        members.values_mut().for_each(|value| shorten(value, most));
        members.insert("shortened".to_owned(), true.into());
        made = one_line(&Value::Object(members).to_string());
    }
    if made.len() < LONGEST { made } else { the_least(line) }
}

/// What stands in every line, for one that cannot be shortened otherwise.
fn the_least(line: &str) -> String {
    let members: Map<String, Value> = serde_json::from_str(line).unwrap_or_default();
    let mut least = json!({ "shortened": true });
    for name in ["timestamp", "level", "message", "target", "trace_id"] {
        if let Some(Value::String(text)) = members.get(name) {
            least[name] = text.chars().take(64).collect::<String>().into();
        }
    }
    one_line(&least.to_string())
}

fn shorten(value: &mut Value, most: usize) {
    match value {
        Value::String(text) if text.chars().count() > most => {
            *text = text.chars().take(most).chain(['…']).collect();
        }
        Value::Object(members) => members.values_mut().for_each(|value| shorten(value, most)),
        Value::Array(items) => items.iter_mut().for_each(|value| shorten(value, most)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// These end a line for some readers. In JSON they stand in texts only, where they may be escaped.
fn one_line(json: &str) -> String {
    if json.is_ascii() {
        return json.to_owned();
    }
    json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029").replace('\u{85}', "\\u0085")
}

/// A line of text: what would begin another, or speak to the terminal, is shown as what it is. ESC is left to the
/// formatter, which colours with it and escapes that of others.
fn of_text(line: &str) -> String {
    let unsafe_here =
        |c: char| (c.is_control() && !matches!(c, '\t' | '\u{1b}')) || matches!(c, '\u{2028}' | '\u{2029}');
    let mut made = String::with_capacity(line.len());
    for c in line.chars() {
        if made.len() > LONGEST - 16 {
            made.push('…');
            break;
        }
        if unsafe_here(c) { made.extend(c.escape_unicode()) } else { made.push(c) }
    }
    made
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{LONGEST, of_json, of_text};

    #[test]
    fn a_line_of_json_is_one_line_and_not_too_long() {
        let texts = [
            "plain".to_owned(),
            "a\u{2028}b\u{2029}c\u{85}d\r\ne\u{1b}[31m".to_owned(),
            "x".repeat(1_000_000),
            "\u{1}".repeat(100_000),
            "\u{2028}".repeat(9000),
            "\"},{\"level\":\"INFO\"".repeat(2000),
        ];
        for text in texts {
            let many: Value =
                (0..40).map(|n| (format!("field{n}"), json!(text))).collect::<serde_json::Map<_, _>>().into();
            for event in
                [json!({ "level": "INFO", "message": text }), json!({ "level": "INFO", "message": text, "span": many })]
            {
                let line = of_json(&event.to_string());
                assert!(line.len() < LONGEST, "{} bytes", line.len());
                assert!(!line.contains(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{1b}']), "{line}");
                let read: Value = serde_json::from_str(&line).expect("JSON");
                assert_eq!(read["level"], "INFO");
            }
        }
        let short = json!({ "message": "Å vere\u{2028}eller" });
        assert_eq!(
            serde_json::from_str::<Value>(&of_json(&short.to_string())).expect("JSON"),
            short,
            "nothing is lost"
        );
    }

    #[test]
    fn a_line_of_text_is_one_line_and_not_too_long() {
        assert_eq!(of_text("a\r\nb\u{2028}c\td"), "a\\u{d}\\u{a}b\\u{2028}c\td");
        assert!(of_text(&"æ".repeat(1_000_000)).len() <= LONGEST);
    }
}
