//! People: names as they are recognised and made up, and the accounts and addresses that go with them.
//!
//! The lists are short and of many cultures, written down for this purpose. A made-up name may be somebody's, as any
//! name may; one place in a table gives the same person in each of its columns.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::heading::fold;
use super::mask::commonest;
use crate::schema::identifier::scatter;

const GIVEN: &str = "Anna Maria Laura Julia Sarah Emma Sophie Katharina Lena Johanna Peter Thomas Michael Andreas Stefan Markus \
    Martin Klaus Jürgen Wolfgang Hans Karl Friedrich Heinrich Ursula Monika Sabine Birgit James John Robert William David \
    Richard Joseph Charles Christopher Daniel Matthew Anthony Mark Steven Paul Andrew Joshua Kenneth Kevin Brian George \
    Edward Ronald Timothy Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin \
    Samuel Gregory Frank Alexander Raymond Patrick Jack Dennis Jerry Henry Arthur Harry Oliver Thomasina Mary Patricia \
    Jennifer Linda Elizabeth Barbara Susan Jessica Karen Nancy Lisa Betty Margaret Sandra Ashley Kimberly Emily Donna \
    Michelle Carol Amanda Dorothy Melissa Deborah Stephanie Rebecca Sharon Cynthia Kathleen Amy Shirley Angela Helen Ruth \
    Brenda Pamela Nicole Samantha Christine Catherine Virginia Rachel Janet Alice Grace Ellen Jane Lucy Charlotte Florence \
    Pierre Jean Jacques François Michel Philippe Marie Camille Chloé Élodie Isabelle Nathalie Sylvie Luc Antoine José Juan \
    Carlos Luis Miguel Javier Antonio Manuel Francisco Alejandro Carmen Lucía Pilar Rosa Ana Elena Sofía Isabel Giulia \
    Francesca Chiara Marco Giuseppe Giovanni Luca Alessandro Paolo João Pedro Tiago Beatriz Fernanda Mariana Eduardo \
    Piotr Agnieszka Katarzyna Krzysztof Tomasz Małgorzata Jan Pieter Willem Femke Sanne Lars Erik Nils Astrid Ingrid Sven \
    Anders Karin Mikko Aino Eero Olga Ivan Dmitri Natalia Svetlana Tatiana Sergei Vladimir Nikos Eleni Mehmet Ayşe Fatma \
    Mustafa Emre Zeynep Mohammed Ahmed Ali Hassan Omar Fatima Aisha Layla Yusuf Ibrahim Priya Anjali Rahul Amit Sanjay \
    Deepa Ravi Lakshmi Arjun Sunita Wei Mei Jing Hui Yan Haruto Yuki Sakura Hiroshi Akiko Kenji Minjun Jiwoo Seoyeon Linh \
    Minh Thuy Chinedu Ngozi Emeka Adaeze Oluwaseun Folake Babatunde Amina Musa Kwame Ama Wanjiru Otieno Thabo Naledi Amara \
    Leila Noor Tamar David Miriam Levi Noa Adam Eva Clara Nora Oscar Hugo Felix Leon Max";

const FAMILY: &str = "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf \
    Schröder Neumann Zimmermann Krüger Hartmann Lange Krause Lehmann Köhler Smith Johnson Williams Brown Jones Davis Miller \
    Wilson Moore Taylor Anderson Jackson White Harris Thompson Robinson Clark Lewis Walker Hall Allen Young King Wright Hill \
    Green Baker Adams Nelson Carter Mitchell Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris \
    Rogers Reed Cook Morgan Bell Murphy Bailey Cooper Richardson Cox Howard Ward Hughes Bennett Foster Kelly Sullivan Byrne \
    Walsh MacDonald Fraser Bernard Dubois Moreau Laurent Lefebvre Leroy Roux Fournier Girard Bonnet Mercier García Martínez \
    López González Rodríguez Fernández Pérez Gómez Díaz Torres Ramírez Flores Vargas Castillo Ortega Rossi Russo Ferrari \
    Esposito Bianchi Romano Colombo Ricci Marino Greco Silva Santos Oliveira Souza Pereira Costa Almeida Carvalho Ribeiro \
    Nowak Kowalski Wójcik Kamiński Lewandowski Zieliński Szymański Jansen Bakker Visser Smit Meijer Mulder Vos Peeters Maes \
    Hansen Johansen Olsen Larsen Andersson Johansson Karlsson Nilsson Eriksson Lindberg Virtanen Korhonen Mäkinen Nieminen \
    Ivanov Smirnov Kuznetsov Popov Sokolov Papadopoulos Novák Svoboda Horváth Nagy Szabó Popescu Ionescu Petrov Yılmaz Kaya \
    Demir Çelik Şahin Khan Hussain Malik Rahman Haddad Mansour Nasser Aziz Patel Sharma Singh Kumar Gupta Verma Reddy Nair \
    Iyer Das Chen Wang Li Zhang Liu Yang Huang Zhao Wu Tanaka Suzuki Sato Takahashi Watanabe Yamamoto Kim Park Choi Jung \
    Nguyen Tran Pham Okafor Okonkwo Adeyemi Balogun Eze Mensah Owusu Mwangi Kamau Dlamini Nkosi Abebe Tesfaye Cohen Levy \
    Friedman";

const TITLES: &str = "mr mrs miss ms mx dr prof sir lady lord rev capt col major master don dona herr frau m mme mlle sr sra \
    srta sig dott jr ii iii iv phd md";
/// Small words inside names.
const PARTICLES: &str =
    "von van de der den del della di da dos das du la le los y e zu zum ter ten bin al el ibn ben";

static GIVEN_NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| distinct(GIVEN));
static FAMILY_NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| distinct(FAMILY));
static KNOWN: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| GIVEN_NAMES.iter().map(|name| plain(name)).collect());

/// Once each, in the order of the list.
fn distinct(list: &'static str) -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    list.split_whitespace().filter(|name| seen.insert(plain(name))).collect()
}

/// Small letters without marks.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphabetic()).map(fold).collect()
}

/// Somebody who does not exist.
pub struct Person {
    given: &'static str,
    family: &'static str,
    /// How many others have the same two names.
    namesakes: u64,
}

/// The `index`-th person under a key. Distinct indices give people who differ in name or in `namesakes`.
pub fn person(index: u64, key: u64) -> Person {
    let (given, family) = (&*GIVEN_NAMES, &*FAMILY_NAMES);
    let space = (given.len() * family.len()) as u64;
    let place = scatter(index % space, space, key) as usize;
    Person {
        given: given[place % given.len()],
        family: family[place / given.len()],
        namesakes: index / space,
    }
}

impl Person {
    /// `anna.weber@example.org`. The domains are set aside for examples (RFC 2606).
    pub fn email(&self) -> String {
        let domain = ["example.com", "example.org", "example.net"][self.account().len() % 3];
        format!("{}@{domain}", self.account().replacen('_', ".", 1))
    }

    /// `anna_weber`
    pub fn account(&self) -> String {
        let number = if self.namesakes == 0 { String::new() } else { self.namesakes.to_string() };
        format!("{}_{}{number}", plain(self.given), plain(self.family))
    }
}

/// How a column writes names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameForm {
    /// `Weber, Anna`
    comma: bool,
    case: Case,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Case {
    Title,
    Upper,
    Lower,
}

impl Case {
    /// That of most cells.
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str>) -> Case {
        let case = |cell: &str| {
            let has = |test: fn(char) -> bool| cell.chars().any(test);
            match (has(char::is_uppercase), has(char::is_lowercase)) {
                (true, false) => Case::Upper,
                (false, true) => Case::Lower,
                _ => Case::Title,
            }
        };
        commonest(cells.map(case)).unwrap_or(Case::Title)
    }

    pub fn write(self, text: &str) -> String {
        match self {
            Case::Title => text.into(),
            Case::Upper => text.to_uppercase(),
            Case::Lower => text.to_lowercase(),
        }
    }
}

impl NameForm {
    pub fn infer<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> NameForm {
        let comma = commonest(cells.clone().map(|cell| cell.contains(','))) == Some(true);
        NameForm { comma, case: Case::infer(cells) }
    }

    pub fn full(self, person: &Person) -> String {
        // Namesakes are told apart by middle initials: A, B, …, Z, A. A, …
        let (mut initials, mut left) = (String::new(), person.namesakes);
        while left > 0 {
            initials.push_str(&format!(" {}.", char::from(b'A' + ((left - 1) % 26) as u8)));
            left = (left - 1) / 26;
        }
        let (given, family) = (person.given, person.family);
        self.case.write(&match self.comma {
            true => format!("{family}, {given}{initials}"),
            false => format!("{given}{initials} {family}"),
        })
    }
}

/// The given name: it repeats, as given names do.
pub fn given(person: &Person, case: Case) -> String {
    case.write(person.given)
}

pub fn family(person: &Person, case: Case) -> String {
    case.write(person.family)
}

/// Is it written as one or several names are: letters, each word with a capital or all of them without?
pub fn is_name_like(cell: &str, most_words: usize) -> bool {
    let cell = cell.trim();
    let words = words(cell);
    let allowed = |c: char| c.is_alphabetic() || matches!(c, ' ' | '\'' | '’' | '-' | '.' | ',' | '(' | ')');
    let capital = |word: &&str| word.chars().next().is_some_and(|c| !c.is_lowercase());
    let small = |word: &&str| in_list(word, PARTICLES) || in_list(word, TITLES);
    (1..=most_words).contains(&words.len())
        && cell.chars().count() <= 60
        && cell.chars().all(allowed)
        && (words.iter().all(|word| capital(word) || small(word)) || !words.iter().any(capital))
}

/// Two or more words like names: somebody, or a firm.
pub fn is_full_name_like(cell: &str) -> bool {
    let ideographs =
        |c: char| ('\u{3400}'..='\u{9fff}').contains(&c) || ('\u{ac00}'..='\u{d7a3}').contains(&c);
    let count = cell.trim().chars().count();
    is_name_like(cell, 6) && words(cell).len() >= 2
        || (2..=4).contains(&count) && cell.trim().chars().all(ideographs)
}

/// Does a given name that many people have stand where given names stand?
pub fn has_known_name(cell: &str) -> bool {
    let after_comma = cell.split_once(',').map_or(cell, |(_, after)| after);
    let known = |word: &&str| KNOWN.contains(&plain(word));
    words(after_comma).iter().find(|word| !in_list(word, TITLES)).is_some_and(known)
}

fn words(cell: &str) -> Vec<&str> {
    let word = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’');
    cell.split(|c| !word(c)).filter(|word| !word.is_empty()).collect()
}

fn in_list(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|known| known.chars().eq(word.chars().flat_map(char::to_lowercase)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_things() {
        for name in ["Anna Weber", "Weber, Miss Anna", "ANNA WEBER", "Ludwig van Beethoven", "王小明"] {
            assert!(is_full_name_like(name), "{name}");
        }
        for other in
            ["Room 12", "the red door opens slowly and Then", "Hello World!", "x@y.z", "Chai Tea with milk"]
        {
            assert!(!is_full_name_like(other), "{other}");
        }
        assert!(has_known_name("Allen, Miss Elisabeth Anna") == has_known_name("Elisabeth"));
        assert!(
            has_known_name("Dr. Maria Curie")
                && has_known_name("Weber, Hans")
                && !has_known_name("Weber Grill")
        );
    }

    #[test]
    fn one_person_in_every_column() {
        let person = person(7, 3);
        let form = NameForm { comma: false, case: Case::Title };
        let (given, family) = (given(&person, Case::Title), family(&person, Case::Title));
        assert_eq!(form.full(&person), format!("{given} {family}"));
        assert!(person.email().starts_with(&format!("{}.{}@example.", plain(&given), plain(&family))));
    }

    #[test]
    fn nobody_comes_twice() {
        let form = NameForm { comma: true, case: Case::Upper };
        let all = 3 * (GIVEN_NAMES.len() * FAMILY_NAMES.len()) as u64;
        let seen: BTreeSet<_> =
            (0..all).step_by(17).map(|i| (form.full(&person(i, 5)), person(i, 5).email())).collect();
        assert_eq!(seen.len() as u64, all.div_ceil(17));
        assert!(
            GIVEN_NAMES.len() > 200 && FAMILY_NAMES.len() > 200,
            "{} {}",
            GIVEN_NAMES.len(),
            FAMILY_NAMES.len()
        );
    }
}
