//! Words by which people say "no value", in the languages of the files that are met.
//!
//! Compared in lower case, with everything but letters and digits as one space: `N.A.`, `n/a` and `(N A)` are one
//! word. Does not hold words that are as often a value: "none", "no", "other", "empty", "無".

use std::sync::LazyLock;

const LINES: [&str; 26] = [
    "unknown|unk|not known|unkown|undetermined|undefined|undisclosed|unspecified|unreported|unavailable|missing",
    "missing value|not available|not applicable|not stated|not specified|not reported|not recorded|not given",
    "not provided|not asked|not answered|not determined|not tested|not done|not measured|not ascertained",
    "not disclosed|not entered|no answer|no response|no data|no info|no information|no reply|refused|refusal",
    "declined|declined to answer|prefer not to say|prefer not to answer|prefer not to disclose|rather not say",
    "don t know|do not know|dont know|dk|dk na|na|n a|n d|nd|n r|n k|nan|null|nil|tbd|tba|suppressed|withheld",
    "redacted|missing data|unknown unknown|unknown not stated|invalid|ref|div 0|value error|num|no value",
    "unbekannt|keine angabe|keine angaben|k a|k a a|fehlt|fehlend|nicht bekannt|nicht angegeben|weiß nicht",
    "nicht verfügbar|keine daten|inconnu|inconnue|non renseigné|non renseignée|non renseigne|non disponible",
    "manquant|manquante|ne sait pas|nsp|sans réponse|non communiqué|non précisé|donnée manquante|sans objet",
    "desconocido|desconocida|no disponible|no aplica|sin datos|sin dato|sin información|sin informacion|no sabe",
    "no contesta|ns nc|ns|no informado|no especificado|no especificada|s d|faltante|no responde|no consta",
    "desconhecido|desconhecida|não informado|nao informado|não disponível|não se aplica|ignorado|sem informação",
    "não sabe|sconosciuto|sconosciuta|non noto|non nota|mancante|non applicabile|non pervenuto|n p|non indicato",
    "onbekend|niet bekend|niet beschikbaar|geen antwoord|n v t|nvt|ontbreekt|weet niet|geen gegevens|n b",
    "okänd|okänt|uppgift saknas|saknas|vet ej|vet inte|ej angivet|ukjent|ukendt|vet ikke|ved ikke|ikke oppgitt",
    "ikke oplyst|mangler|uoplyst|tuntematon|ei tietoa|puuttuu|nieznany|nieznana|nieznane|brak danych|nie dotyczy",
    "b d|nie wiem|neznámý|neznámá|neznámé|chybí|neuvedeno|nezjištěno|neznámy|nezistené|ismeretlen|nincs adat",
    "hiányzik|nem ismert|necunoscut|nespecificat|lipsă|nu se știe|nepoznato|nedostaje|neznano|ni podatka|неизвестно",
    "неизвестен|неизвестна|нет данных|не указано|не указан|не указана|пропуск|н д|невідомо|немає даних|не вказано",
    "неизвестен|липсва|bilinmiyor|bilinmeyen|belirtilmemiş|cevap yok|άγνωστο|δεν απαντώ|δ α|غير معروف|لا يوجد|غير متوفر",
    "לא ידוע|אין נתונים|未知|不详|不詳|缺失|不明|未填写|暂无|未填|拒答|未記入|無回答|欠損|欠測|わからない",
    "모름|알 수 없음|미상|무응답|해당 없음|không rõ|không biết|không có|tidak diketahui|tidak tahu|tidak ada data",
    "अज्ञात|ไม่ทราบ|ไม่ระบุ|adatlanul|tundmatu|andmed puuduvad|nezināms|nav datu|nežinoma|nėra duomenų|ezezaguna",
    "desconegut|no consta|descoñecido|anaithnid|óþekkt|i panjohur|непознато|nepoznat|nepoznata|haijulikani",
    "unbestimmt|nicht erhoben|nicht zutreffend|entfällt|non applicable|non déterminé|indéterminé|indeterminado",
];

/// The words in order, since each cell of a column is looked up.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut words: Vec<&str> = LINES.iter().flat_map(|line| line.split('|')).collect();
    words.sort_unstable();
    words
});
/// Bytes of the longest word, and more.
const LONGEST: usize = 48;

/// Is it a known word for "no value", or no word at all: points, stars, dashes?
pub fn is_gap_word(cell: &str) -> bool {
    let cell = cell.trim();
    let has_digit = || cell.bytes().any(|byte| byte.is_ascii_digit());
    if cell.len() > LONGEST || has_digit() && !cell.contains(char::is_alphabetic) {
        return false;
    }
    let plain = plain(cell);
    if plain.is_empty() {
        let marks = |c: char| c.is_ascii_punctuation() || "–—…·".contains(c);
        return !cell.is_empty() && cell.chars().all(marks) && !["+", "*", "%", "$", "#"].contains(&cell);
    }
    WORDS.binary_search(&plain.as_str()).is_ok()
}

/// Letters and digits in lower case, one space between words.
fn plain(cell: &str) -> String {
    let words = cell.split(|c: char| !is_of_word(c)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Letters and digits, and the marks of scripts that stack them.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || ('\u{900}'..'\u{e80}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_no_value() {
        for word in [
            "unknown",
            "N.A.",
            "(Unknown)",
            "keine Angabe",
            "--",
            "..",
            ".",
            "#REF!",
            "don't know",
            "未知",
            "k.A.",
            "ไม่ทราบ",
        ] {
            assert!(is_gap_word(word), "{word}");
        }
        for word in ["T", "hello", "none", "0", "other", "", "+", "*", "studio", "999"] {
            assert!(!is_gap_word(word), "{word}");
        }
    }
}
