//! Scales in words: of amount, frequency, agreement, quality, size, severity, schooling, and of the calendar.
//!
//! A line is a scale from the least to the most; `<` parts its steps, `|` the words for one step. A column is on a
//! scale if every level is one of its words, in any case, with or without a number before it (`1 - low`).

const SCALES: [&str; 66] = [
    // amount, height, strength
    "none|no|zero|nil < minimal|trace|negligible < extremely low|very very low|lowest < very low|verylow < low|lo|lower|weak < below average|medium low|lower middle|low medium|slightly low < medium|med|mid|middle|moderate|average|normal|intermediate < above average|medium high|upper middle|high medium|slightly high < high|hi|higher|upper|strong < very high|veryhigh < extremely high|highest|critical|extreme",
    "none|absent|no|0 < trace|minimal|very mild|questionable < mild|slight|minor|light < mild to moderate < moderate|medium|average < moderate to severe|moderately severe < severe|major|serious|marked|heavy < very severe|extreme|profound|critical|life threatening|fatal",
    "none < minimal < basic|beginner|novice|elementary < intermediate|medium|competent < advanced|proficient|upper intermediate < expert|master|native|fluent",
    "info|information|trivial|debug < low|notice < minor|warning|warn|medium < major|high|error < critical|severe|urgent|blocker < emergency|fatal",
    "lowest|very low < low|minor < normal|medium|standard < high|major < urgent|highest|very high < critical|immediate",
    "few < some < several < many < most < all",
    "none|nothing|not at all|no < a little|a little bit|slightly|very little|hardly|little < somewhat|moderately|some|a moderate amount < a fair amount|fairly|quite a bit|quite|mostly < very|very much|a lot|a great deal|strongly < extremely|completely|totally|entirely",
    // frequency
    "never|not at all|none < almost never|hardly ever|very rarely|less than once a year < rarely|seldom|yearly|annually|several days < occasionally|monthly|once in a while|a few times a year < sometimes|weekly|about half the time|more than half the days < often|frequently|several times a week < usually|very often|most of the time|mostly|almost always|nearly every day < always|daily|every day|all the time|constantly",
    "daily < weekly < biweekly|fortnightly < monthly < quarterly < semiannually|half yearly < yearly|annually|annual",
    "never < former|ex|formerly|past|quit < current|currently|present",
    "never|never smoked < formerly smoked < smokes",
    "non smoker|nonsmoker|never smoker < former smoker|ex smoker < light smoker < current smoker|smoker < heavy smoker",
    // agreement, satisfaction, chance
    "strongly disagree|disagree strongly|completely disagree|totally disagree|sd < disagree|tend to disagree|mostly disagree < somewhat disagree|slightly disagree|disagree somewhat|disagree a little < neither agree nor disagree|neutral|neither|undecided|no opinion|unsure|not sure < somewhat agree|slightly agree|agree somewhat|agree a little < agree|tend to agree|mostly agree < strongly agree|agree strongly|completely agree|totally agree|sa",
    "very dissatisfied|extremely dissatisfied|very unsatisfied < dissatisfied|unsatisfied < somewhat dissatisfied|mostly dissatisfied|slightly dissatisfied < neutral|neither|neither satisfied nor dissatisfied|mixed < somewhat satisfied|mostly satisfied|slightly satisfied < satisfied|pleased < very satisfied|extremely satisfied|delighted",
    "terrible|horrible < unhappy < mostly dissatisfied < mixed|neutral < mostly satisfied < pleased|happy < delighted",
    "very unhappy < unhappy|not too happy|not happy < neutral|so so < happy|pretty happy < very happy",
    "very unlikely|extremely unlikely|impossible < unlikely|improbable < somewhat unlikely < neutral|possible|maybe|uncertain|neither < somewhat likely < likely|probable < very likely|extremely likely|certain|definite",
    "not important|unimportant|not at all important < slightly important|of little importance|not very important < moderately important|somewhat important|neutral|fairly important < important < very important < extremely important|essential",
    "very negative|strongly negative < negative < slightly negative < neutral|mixed < slightly positive < positive < very positive|strongly positive",
    "no|never < perhaps|maybe|possibly|not sure|sometimes < probably < yes|always|definitely",
    "much worse < worse|somewhat worse|slightly worse|deteriorated < same|unchanged|about the same|no change|stable < better|somewhat better|slightly better|improved < much better",
    "decrease|decreased|down|falling < same|unchanged|stable|steady|no change|constant < increase|increased|up|rising",
    // quality
    "awful|terrible|very bad|extremely poor < very poor < bad|poor|po < below average < fair|fa|passable|acceptable|sufficient|satisfactory < average|ta|ok|okay|regular|neutral|so so|decent|standard < good|gd|above average < very good|great < excellent|ex|outstanding|ideal|perfect|exceptional|superb",
    "fail|failed|unsatisfactory|insufficient|f < pass|passed|sufficient|satisfactory < merit|credit|good < distinction|very good < high distinction|excellent|honours|honors",
    "fair < good < very good < premium < ideal",
    "bad < good < better < best",
    "non travel|no travel < travel rarely|rarely < travel frequently|frequently",
    "i3 < i2 < i1 < si2 < si1 < vs2 < vs1 < vvs2 < vvs1 < if < fl",
    "unacceptable|unacc < acceptable|acc < good < very good|vgood|v good",
    "bronze < silver < gold < platinum < diamond",
    "economy|basic|eco|coach < eco plus|premium economy|plus|standard < business|premium|pro < first|enterprise|ultimate",
    "ccc < b < bb < bbb < a < aa < aaa",
    // size, length, speed, warmth, age, distance
    "xxxs < xxs|2xs < xs|x small|extra small|very small|tiny < s|small|sm|sml < m|medium|med|mid|average|normal|mittel < l|large|lg|lrg|big < xl|x large|extra large|very large|huge|xlarge < xxl|2xl|xx large|giant|enormous < xxxl|3xl < xxxxl|4xl < 5xl",
    "mini|micro|tiny < small|compact < midsize|mid size|medium|intermediate < large|full size|fullsize",
    "very short < short < medium|average|mid|moderate|normal < long|tall < very long|very tall",
    "very light < light < medium|moderate|average|normal < heavy|dark < very heavy|very dark",
    "very slow < slow < medium|moderate|normal|average < fast|quick < very fast",
    "thin|underweight < normal|average|healthy weight|normal weight < overweight|pre obese < obese|obese i|obesity|obese class i < obese ii|obese class ii|severely obese < obese iii|obese class iii|morbidly obese",
    "insufficient weight < normal weight < overweight level i < overweight level ii < obesity type i < obesity type ii < obesity type iii",
    "sedentary|inactive|none < lightly active|low|light < moderately active|moderate < active < very active|high|vigorous",
    "freezing|very cold < cold < cool < mild|lukewarm|moderate|warm < hot < very hot|boiling",
    "infant|baby|newborn < toddler < child|children|kid < adolescent|teen|teenager|juvenile|youth < young adult|young < adult|middle aged|middle age|middle < older adult|old|senior|elderly|aged",
    "very young < young < middle aged|middle|medium < old < very old",
    "new < recent < old < ancient",
    "very near|very close < near|close|nearby < medium < far|distant < very far",
    "morning|am < noon|midday < afternoon|pm < evening < night|midnight",
    "first|1st < second|2nd < third|3rd < fourth|4th < fifth|5th < sixth|6th < seventh|7th < eighth|8th < ninth|9th < tenth|10th",
    "one < two < three < four < five < six < seven < eight < nine < ten < eleven < twelve < more",
    "once < twice < three times|thrice < more than three times|many times",
    "before|pre|baseline < during|mid|interim < after|post|follow up",
    "start|beginning|early < middle|mid < end|late",
    "past < present < future",
    // schooling and ranks
    "none|no education|no schooling|no formal education|illiterate < preschool|kindergarten|pre school|nursery < primary|primary school|elementary|elementary school|1st 4th|some primary|less than primary|primary no education|basic 4y < 5th 6th|basic 6y < middle|middle school|lower secondary|junior high|7th 8th|basic 9y|less than high school|grade school < 9th < 10th|some high school|some hs|incomplete secondary < 11th < 12th < secondary|high school|hs grad|high school graduate|hs|upper secondary|secondary school|high school diploma|high school grad|completed high school|ged|highschool < below college|some college|post secondary|vocational|some university|post secondary or higher|post secondary or college|professional course|vocational grammar|trade school|technical < assoc voc|associate|associates|associate degree|associate s degree|college < assoc acdm < bachelors|bachelor|bachelor s|bachelor degree|bachelor s degree|undergraduate|university|university degree|college degree|higher|tertiary|graduation|degree|college graduate < graduate|post graduate|postgraduate|some graduate < masters|master|master s|master degree|master s degree|graduate degree|graduate school < prof school|professional|professional degree < doctorate|phd|doctoral|doctor|doctoral degree|ph d",
    "freshman|freshmen|first year < sophomore|second year < junior|third year < senior|fourth year < graduate",
    "intern|trainee|apprentice < junior|entry|entry level|associate|en < mid|mid level|middle|intermediate|regular|mi < senior|se < lead|staff|principal < manager|head < director|executive|ex < vp|vice president < ceo|president|chief",
    "assistant|asstprof|assistant professor|asst prof < associate|assocprof|associate professor|assoc prof < full|prof|professor|full professor",
    "lower|lower class|working class|poor < lower middle|lower middle class < middle|middle class < upper middle|upper middle class < upper|upper class|rich",
    "rural|village < suburban|suburb|town|semi urban|semiurban < urban|city|metropolitan",
    // the calendar
    "january|jan < february|feb < march|mar < april|apr < may < june|jun < july|jul < august|aug < september|sep|sept < october|oct < november|nov < december|dec",
    "monday|mon|mo < tuesday|tue|tues|tu < wednesday|wed|we < thursday|thu|thur|thurs|th < friday|fri|fr < saturday|sat|sa < sunday|sun|su",
    "winter < spring < summer < autumn|fall",
    "januar|jan|jänner < februar|feb < märz|mär|mrz < april|apr < mai < juni|jun < juli|jul < august|aug < september|sep < oktober|okt < november|nov < dezember|dez",
    "montag|mo < dienstag|di < mittwoch|mi < donnerstag|do < freitag|fr < samstag|sa|sonnabend < sonntag|so",
    "janvier|janv|jan < février|févr|fév|fevrier < mars|mar < avril|avr < mai < juin < juillet|juil < août|aout < septembre|sept|sep < octobre|oct < novembre|nov < décembre|déc|decembre",
    "lundi|lun < mardi|mar < mercredi|mer < jeudi|jeu < vendredi|ven < samedi|sam < dimanche|dim",
    "enero|ene < febrero|feb < marzo|mar < abril|abr < mayo|may < junio|jun < julio|jul < agosto|ago < septiembre|setiembre|sep|sept < octubre|oct < noviembre|nov < diciembre|dic",
];
/// The commonest scales in other languages.
const TRANSLATED: [&str; 24] = [
    "kein|keine|keiner < sehr niedrig|sehr gering < niedrig|gering|leicht|klein|wenig < mittel|mäßig|mittelmäßig|mittelgradig|moderat|normal < hoch|schwer|groß|stark|viel < sehr hoch|sehr schwer|sehr groß|sehr stark",
    "nie|niemals|gar nicht < selten|kaum|ein wenig < gelegentlich|manchmal|ab und zu|teilweise|etwas < oft|häufig|ziemlich|überwiegend < sehr oft|meistens|fast immer|sehr < immer|ständig|völlig",
    "stimme gar nicht zu|stimme überhaupt nicht zu|trifft gar nicht zu|trifft überhaupt nicht zu < stimme nicht zu|stimme eher nicht zu|trifft nicht zu|trifft eher nicht zu < neutral|teils teils|weder noch < stimme eher zu|trifft eher zu|stimme zu < trifft zu|stimme voll zu|stimme voll und ganz zu|trifft voll zu|trifft voll und ganz zu",
    "ungenügend < mangelhaft < sehr schlecht < schlecht < ausreichend < befriedigend|mittelmäßig|mittel|teils teils < gut < sehr gut|ausgezeichnet|exzellent",
    "aucun|aucune|nul < très faible|très bas < faible|bas|basse|léger|petit|petite < moyen|moyenne|modéré|modérée < élevé|élevée|fort|forte|haut|grave|sévère|grand|grande < très élevé|très élevée|très fort|très grand",
    "jamais < rarement < parfois|quelquefois|de temps en temps < souvent < très souvent < toujours",
    "pas du tout d accord < pas d accord|plutôt pas d accord < neutre|ni d accord ni pas d accord|sans opinion < plutôt d accord < d accord < tout à fait d accord",
    "très mauvais|très mauvaise < mauvais|mauvaise|insuffisant < passable|moyen|moyenne < assez bon|assez bien < bon|bonne|bien < très bon|très bonne|très bien < excellent|excellente",
    "ninguno|ninguna|nulo|nula < muy bajo|muy baja < bajo|baja|leve|pequeño|pequeña < medio|media|mediano|mediana|moderado|moderada < alto|alta|grave|severo|severa|grande < muy alto|muy alta|muy grave|muy grande",
    "nunca < casi nunca|rara vez|raramente < a veces|algunas veces|ocasionalmente < a menudo|frecuentemente|con frecuencia < casi siempre < siempre",
    "totalmente en desacuerdo|muy en desacuerdo < en desacuerdo < neutral|ni de acuerdo ni en desacuerdo|indiferente < de acuerdo < totalmente de acuerdo|muy de acuerdo",
    "muy malo|muy mala|muy mal < malo|mala|mal < regular < bueno|buena|bien < muy bueno|muy buena|muy bien < excelente",
    "nenhum|nenhuma|nulo < muito baixo|muito baixa < baixo|baixa|leve|pequeno|pequena < médio|média|moderado|moderada < alto|alta|grave|grande < muito alto|muito alta|muito grave",
    "nunca < raramente < às vezes|as vezes < frequentemente|muitas vezes < sempre",
    "muito ruim|péssimo < ruim|mau < regular < bom|boa < muito bom|muito boa < excelente|ótimo|ótima",
    "nessuno|nessuna|nullo < molto basso|molto bassa < basso|bassa|lieve|piccolo|piccola < medio|media|moderato|moderata < alto|alta|grave|grande < molto alto|molto alta",
    "mai < raramente < a volte|qualche volta < spesso < sempre",
    "geen < zeer laag|heel laag < laag|licht|klein < gemiddeld|matig|middel|midden < hoog|ernstig|groot < zeer hoog|heel hoog",
    "nooit < zelden < soms < vaak < altijd",
    "brak|żaden < bardzo niski|bardzo niskie < niski|niska|niskie|mały < średni|średnia|średnie|umiarkowany < wysoki|wysoka|wysokie|duży < bardzo wysoki|bardzo wysokie",
    "нет|отсутствует < очень низкий|очень низкая < низкий|низкая|низкое|легкая|малый < средний|средняя|среднее|умеренная|умеренный < высокий|высокая|высокое|тяжелая|большой < очень высокий|очень высокая",
    "никогда < редко < иногда < часто < всегда",
    "无|無 < 很低|极低 < 低|轻|轻度|小|軽度|少 < 中|中等|中度|普通|一般 < 高|重|重度|大|多 < 很高|极高|非常高",
    "从不|全くない < 很少|あまりない < 有时|有時|時々|ときどき < 经常|よくある|よく < 总是|いつも|常に",
];

/// The place of each level on the first scale that has them all.
pub fn ranks(levels: &[&str]) -> Option<Vec<f64>> {
    let plain: Vec<[String; 2]> = levels.iter().map(|level| plain(level)).collect();
    let on = |scale: &&str| -> Option<Vec<f64>> {
        let steps: Vec<&str> = scale.split(" < ").collect();
        let place = |word: &String| steps.iter().position(|step| step.split('|').any(|known| known == word));
        let words = |form: usize| -> Option<Vec<f64>> {
            plain.iter().map(|forms| place(&forms[form]).map(|step| step as f64)).collect()
        };
        words(0).or_else(|| words(1))
    };
    // Letters for sizes and marks are capitals; small ones are codes of anything.
    let letters = levels.iter().all(|level| level.trim().chars().count() == 1);
    let capital = |level: &&str| level.trim().chars().all(|c| !c.is_ascii_lowercase());
    if letters && !levels.iter().all(capital) {
        return None;
    }
    marks(levels).or_else(|| SCALES.iter().chain(&TRANSLATED).find_map(on))
}

/// School marks and energy classes with their signs: `B-`, `B`, `B+`, `A`; letters alone could be anything.
fn marks(levels: &[&str]) -> Option<Vec<f64>> {
    let signed = levels.iter().any(|level| level.trim().ends_with(['+', '-', '−']));
    let rank = |level: &&str| {
        let mut chars = level.trim().chars();
        let letter = chars.next().filter(|c| ('A'..='G').contains(c))?;
        let shift = match chars.as_str() {
            "" => 0.0,
            "-" | "−" => -0.2,
            plus @ ("+" | "++" | "+++") => plus.len() as f64 * 0.2,
            _ => return None,
        };
        Some(f64::from(u32::from('G') - u32::from(letter)) + shift)
    };
    if signed { levels.iter().map(rank).collect() } else { None }
}

/// The words in lower case with one space between them, `+` kept; and the same without a number before it.
fn plain(level: &str) -> [String; 2] {
    let lower = level.to_lowercase();
    let words = lower.split(|c: char| !(c.is_alphanumeric() || c == '+')).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let bare = match words.split_first() {
        Some((first, rest)) if !rest.is_empty() && first.bytes().all(|b| b.is_ascii_digit()) => rest,
        _ => &words,
    };
    [words.join(" "), bare.join(" ")]
}
