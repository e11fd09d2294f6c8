//! Which variables are secrets, and what a new one looks like.

/// Random bytes that a new secret is made of: 192 bits.
pub const SECRET_BYTES: usize = 24;

const WORDS: [&str; 9] = [
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "API_KEY",
    "SECRET_KEY",
    "PRIVATE_KEY",
    "ACCESS_KEY",
];

/// True when the name of a variable says that its value is a secret.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    WORDS.iter().any(|word| name.ends_with(word))
}

/// Random bytes as text: letters and digits only, so that it needs no quotes in `.env`, in YAML or in an address.
pub fn secret_text(random: &[u8]) -> String {
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telling_name_is_a_secret() {
        assert!(["DB_PASSWORD", "SECRET_KEY", "github_token"].iter().all(|name| is_secret(name)));
        assert!(!["PORT", "KEYBOARD", "DB_PASSWORD_FILE"].iter().any(|name| is_secret(name)));
    }

    #[test]
    fn all_random_bits_are_in_the_text() {
        assert_eq!(secret_text(&[0, 255, 16]), "00ff10");
    }
}
