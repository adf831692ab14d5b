//! What a column's name says: words in several languages, without marks and whatever way they are joined.
//!
//! Does not: decide. A name alone makes no column personal; `personal.rs` asks the cells as well.

use super::Sort;

/// The words of a column's name, in lower case and without marks.
pub struct Heading(Vec<String>);

/// Words that tell that a name is not a person's.
const THINGS: &str = "product company business organisation organization org firm employer restaurant store shop station \
    model brand make file host server domain city country state street school college university team club event game \
    song track album artist band movie film book title category type class column table field variable item drug \
    medicine disease gene species genus scientific food dish color colour plant airport airline ship vessel boat hotel \
    park lake river mountain region district county province department dept division project job position package \
    supplier vendor shipper manufacturer bank campaign plan policy procedure test sensor device machine router network \
    group role course subject dataset source concept location site place facility hospital clinic building ward office \
    branch car vehicle engine app application program software service tag label key code legal trade dog cat pet horse \
    stop route agency zone tz var metric feature";

/// Words for somebody whose name stands in the column.
const PERSONS: &str = "customer client patient employee contact person owner holder cardholder student teacher member \
    passenger guest applicant borrower doctor physician author manager agent representative parent mother father child \
    spouse beneficiary donor buyer seller recipient sender insured tenant resident nominee candidate worker staff driver \
    pilot nurse lawyer attorney defendant plaintiff witness victim voter subscriber visitor attendee participant \
    respondent payee payer signatory kunde kundin patientin mitarbeiter inhaber versicherter ansprechpartner cliente \
    paciente empleado titular alumno patron client salarie titulaire cliente dipendente paziente medewerker klant";

/// Words for a name of whatever it is.
const NAME: &str = "name names nom nombre nome naam navn namn nimi nazwa isim jmeno";

impl Heading {
    pub fn new(name: &str) -> Heading {
        let mut text = String::new();
        for (before, c) in std::iter::once(' ').chain(name.chars()).zip(name.chars()) {
            if !c.is_alphabetic() || c.is_uppercase() && before.is_lowercase() {
                text.push(' ');
            }
            if c.is_alphabetic() {
                text.push_str(&fold(c));
            }
        }
        Heading(text.split_whitespace().map(String::from).collect())
    }

    /// Is one of these terms in the name? A term of several words also counts where they are written as one.
    pub fn says(&self, terms: &[&str]) -> bool {
        terms.iter().any(|term| {
            let parts: Vec<&str> = term.split(' ').collect();
            let joined = parts.concat();
            self.0.windows(parts.len()).any(|words| words == parts.as_slice()) || self.0.contains(&joined)
        })
    }

    fn has_word_of(&self, list: &str) -> bool {
        self.0.iter().any(|word| list.split_whitespace().any(|known| known == word))
    }

    pub fn names_a_thing(&self) -> bool {
        self.has_word_of(THINGS)
    }

    /// "customer name", "patient": a person, named.
    pub fn names_a_person(&self) -> bool {
        self.says(&terms(Sort::Name))
            || self.has_word_of(PERSONS) && !self.says(&["id", "type", "no", "number"])
    }

    /// "name", of whatever.
    pub fn is_name(&self) -> bool {
        self.has_word_of(NAME) || self.0.concat() == "名前" || self.0.concat() == "имя"
    }

    pub fn is_of(&self, sort: Sort) -> bool {
        self.says(&terms(sort))
    }
}

/// A letter in lower case and without its marks, as it stands in column names and e-mail addresses.
pub fn fold(c: char) -> String {
    let lower = c.to_lowercase();
    let plain = |c: char| match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì'..='ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => "o",
        'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ț' => "t",
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    };
    lower
        .map(|c| match plain(c) {
            "" => c.to_string(),
            plain => plain.into(),
        })
        .collect()
}

/// The terms by which a column's name says that it is of a sort.
pub fn terms(sort: Sort) -> Vec<&'static str> {
    let list = match sort {
        Sort::Name => {
            "full name,person name,display name,vollstandiger name,nombre completo,nom complet,nome completo,\
             nome e cognome,nombre y apellidos,imie i nazwisko,fulde navn,ad soyad,姓名,氏名,фио"
        }
        Sort::FirstName => {
            "first name,fname,given name,forename,christian name,middle name,vorname,rufname,prenom,primer nombre,\
             primeiro nome,fornamn,fornavn,etunimi,voornaam,imie,keresztnev,krestni jmeno,имя"
        }
        Sort::LastName => {
            "last name,lname,surname,family name,maiden name,nachname,familienname,apellido,apellidos,sobrenome,cognome,\
             achternaam,efternamn,etternavn,efternavn,sukunimi,nazwisko,prijmeni,vezeteknev,soyad,soyadi,\
             nom de famille,фамилия"
        }
        Sort::Email => {
            "email,e mail,mail,correo,courriel,epost,e post,sahkoposti,correo electronico,邮箱,邮件,почта"
        }
        Sort::Phone => {
            "phone,telephone,tel,mobile,cell,cellphone,fax,msisdn,telefon,handy,mobil,telefono,movil,celular,telephone,\
             portable,telefone,telefax,telefoon,puhelin,telefonnummer,gsm,whatsapp,电话,手机,电话号码,телефон"
        }
        Sort::Address => {
            "address,addr,street,street address,adresse,anschrift,strasse,direccion,calle,domicilio,rue,indirizzo,\
             endereco,morada,logradouro,adres,straat,gatuadress,adress,osoite,ulica,adresa,地址,住所,адрес"
        }
        Sort::City => {
            "city,town,ort,stadt,wohnort,ville,ciudad,cidade,citta,miasto,plaats,woonplaats,ciutat,город"
        }
        Sort::Postcode => {
            "zip,zipcode,zip code,postcode,post code,postal code,postleitzahl,plz,code postal,codigo postal,cep,\
             postnummer,postnr,postinumero,pincode,pin code,eircode,kod pocztowy,邮编,индекс"
        }
        Sort::Iban => "iban,bank account,account number,kontonummer,konto,compte,cuenta",
        Sort::Card => {
            "credit card,card number,creditcard,debit card,pan,cc,cc number,kreditkarte,kartennummer,carte,tarjeta,cartao"
        }
        Sort::NationalId => {
            "national id,national identity,identity number,identity card,id card,tax id,personal number,ausweisnummer,\
             personal id,citizen id"
        }
        Sort::Ipv4 | Sort::Ipv6 => "ip,ip address,ipaddr,ipv,client ip,remote addr,source ip,src ip,dst ip",
        Sort::Mac => "mac,mac address,hwaddr,hardware address,bssid",
        Sort::Url => "url,website,web,homepage,home page,link,uri,webseite,site web,sitio web,href",
        Sort::UserName => {
            "username,user name,login,login name,nickname,nick,screen name,handle,benutzername,nom d utilisateur,usuario,\
             nombre de usuario,nazwa uzytkownika,логин"
        }
        Sort::Plate => {
            "license plate,licence plate,number plate,plate number,plate,kennzeichen,kfz kennzeichen,matricula,\
             immatriculation,plaque d immatriculation,targa,kenteken,registreringsnummer,tablica,车牌号"
        }
    };
    list.split(',').map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_however_joined() {
        for name in ["first_name", "FirstName", "firstname", "Customer First Name", "PRÉNOM", "Vorname"] {
            assert!(Heading::new(name).is_of(Sort::FirstName), "{name}");
        }
        for name in ["E-Mail", "eMail", "EMAIL", "customer_email_2", "Correo electrónico"] {
            assert!(Heading::new(name).is_of(Sort::Email), "{name}");
        }
        assert!(Heading::new("Straße").is_of(Sort::Address) && Heading::new("HomePhone").is_of(Sort::Phone));
        for name in ["hotel", "cellar", "telemetry", "shipping"] {
            assert!(
                !Heading::new(name).is_of(Sort::Phone) && !Heading::new(name).is_of(Sort::Ipv4),
                "{name}"
            );
        }
    }

    #[test]
    fn things_have_names_too() {
        for name in ["product_name", "RestaurantName", "station name", "model"] {
            assert!(Heading::new(name).names_a_thing(), "{name}");
        }
        assert!(
            Heading::new("ContactName").names_a_person() && !Heading::new("customer_id").names_a_person()
        );
    }
}
