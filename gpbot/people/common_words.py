"""What people everywhere write about: days, months, family, greetings, places; a name only where it is spelled so."""

from functools import cache

from gpbot.people.letters import fold, word

# By class: days, months, times; people and family; greetings and prayers; places and things of a community's day.
# What is often a name itself (Ramadan, Nur, Amal, Hope) is left out: it may be somebody, spelled in another alphabet.
_WORDS = """
monday tuesday wednesday thursday friday saturday sunday january february march july september october november
december morning evening night today tomorrow yesterday week month year minute hour man men woman women boy girl child
children mother father mum mom dad sister brother aunt uncle cousin husband wife son daughter baby god please thanks
thank sorry welcome dear sir madam home house room hall kitchen hotel street road station city office centre center
school church mosque market shop bank bus train money card phone letter food lunch dinner class lesson court manager
driver team staff council police doctor nurse lawyer teacher charity meeting message photo picture saint

montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz juni juli oktober dezember
morgen abend nacht heute gestern woche monat jahr stunde mann männer frau frauen junge mädchen kind kinder mutter
vater mama papa schwester bruder tante onkel sohn tochter gott bitte danke hallo guten tag herr haus zimmer saal küche
heim straße bahnhof stadt amt büro schule kirche moschee markt laden geld karte handy brief essen kurs gericht polizei
arzt leiter betreuer helfer verein treffen nachricht bild foto hilfe angst wohnung wohnheim flur tür leute wagen

lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril juin juillet août septembre octobre
novembre décembre matin soir nuit hier demain semaine mois année heure homme femme garçon fille enfant enfants mère
père maman soeur sœur frère oncle mari fils dieu merci bonjour salut madame monsieur maison chambre salle cuisine
hôtel rue gare ville bureau école église mosquée marché argent carte lettre repas cours médecin petit petite petits
grand porte

lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto septiembre
octubre noviembre diciembre mañana tarde noche hoy ayer semana mes año hora hombre mujer niño niña niños madre padre
mamá papá hermana hermano tía tío marido esposo esposa hijo hija dios gracias hola buenos buenas favor señor señora
casa cuarto sala cocina calle estación ciudad oficina escuela iglesia mezquita mercado dinero tarjeta carta comida
clase santa puerta

lunedì martedì mercoledì giovedì venerdì sabato domenica gennaio febbraio aprile maggio giugno luglio settembre
ottobre dicembre mattina sera notte oggi ieri domani settimana mese anno uomo donna ragazzo ragazza bambino bambini
sorella fratello zia zio marito moglie figlio figlia dio grazie ciao buongiorno signora stanza cucina strada stazione
città ufficio scuola chiesa moschea mercato soldi lire euro lettera cibo corso porta

segunda terça quarta quinta sexta janeiro fevereiro março maio junho julho setembro outubro dezembro manhã noite hoje
ontem homem mulher menino criança mãe pai irmã irmão tia tio filho filha deus obrigado obrigada olá dia rua maandag
dinsdag woensdag donderdag vrijdag zaterdag zondag maart mei augustus ochtend avond vandaag gisteren vrouw moeder
vader zus broer oom zoon dochter dank dag huis kamer zaal keuken straat stad kantoor kerk moskee eten

poniedziałek wtorek środa środę czwartek piątek sobota sobotę niedziela niedzielę styczeń stycznia luty lutego marzec
marca marcu kwiecień kwietnia maj maja maju czerwiec czerwca lipiec lipca sierpień sierpnia wrzesień września
październik listopad listopada grudzień grudnia wieczór wieczorem noc dziś wczoraj jutro tydzień miesiąc rok godzina
pan pani mężczyzna kobieta chłopiec dziecko dzieci matka ojciec tata siostra brat ciocia ciotka wujek mąż żona syn
córka bóg bogu proszę dziękuję dzień dobry dom pokój kuchnia ulica dworzec miasto miasta urząd biuro szkoła kościół
meczet sklep pieniądze karta list jedzenie lekcja policja lekarz święta

pondělí úterý středa čtvrtek pátek neděle leden únor březen duben květen červen červenec srpen září říjen prosinec
ráno večer dnes včera muž žena dítě děti máma otec táta sestra bratr teta strýc manžel dcera bůh prosím děkuji dobrý
den dům pokoj kuchyň ulice město úřad škola kostel peníze dopis jídlo luni marți miercuri joi vineri sâmbătă duminică
ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie dimineața seara noapte azi
mâine bărbat femeie băiat fată copil copii mamă tată soră sora frate fratele mătușă unchi soț soție fiu fiică doamne
dumnezeu mulțumesc bună casă cameră sală stradă gară oraș birou școală biserică bani scrisoare mâncare

pazartesi salı çarşamba perşembe cuma cumartesi pazar ocak şubat mart mayıs haziran temmuz ağustos ekim kasım aralık
akşam gece bugün dün yarın hafta saat adam kadın erkek kız oğlan çocuk çocuklar annem baba babam abla ablam ağabey
ağabeyim abi kardeş kardeşim teyze amca dayı hala eş eşim oğlum allah lütfen teşekkür selamlar merhaba günler iyi ev
oda salon mutfak sokak istasyon şehir ofis okul cami kilise para kart telefon mektup yemek ders polis doktor duşem
sêşem çarşem pêncşem în şemî yekşem sibe êvar şev îro duh mêr jin kur keç zarok dê dayik dayika bav bavê xwişk xwişka
bira birayê met xal xwedê spas silav rojbaş mal male ode kolan bajar pere name nameyê xwarin

isniin isniintii talaado arbaco khamiis jimce sabti axad jannaayo febraayo maarso abriil maajo juun luulyo agoosto
subax galab habeen maanta shalay berri toddobaad bil bisha sanad nin ninka naag naagta wiil gabar caruur carruur hooyo
hooyaday aabo aabahay walaal walaashay walaalkay eeddo abti ilaahay fadlan mahadsanid salaan guri guriga qol qolka
jikada waddo magaalo xafiis dugsi masjid lacag warqad cunto qof qofka dadka waxay waxaa waxaan ayaa jumatatu jumatano
alhamisi ijumaa jumapili asubuhi jioni usiku leo kesho mwanaume mwanamke mtoto watoto dada kaka shangazi mjomba
mungu tafadhali habari nyumba chumba jiko mji ofisi shule kanisa msikiti pesa barua måndag tisdag onsdag torsdag
fredag lördag söndag januari februari augusti morgon kväll natt idag igår kvinna barn mor far syster bror gud tack hej
hus rum kök gata kontor skola kyrka pengar brev mat maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai
aamu ilta yö tänään eilen mies nainen lapsi äiti isä sisko veli jumala kiitos hei talo huone katu koulu raha kirje
ruoka hétfő kedd szerda csütörtök péntek szombat vasárnap reggel este éjjel ma tegnap férfi nő gyerek apa nővér
testvér isten kérem köszönöm jó napot ház szoba utca város pénz thứ hai tư năm sáu bảy chủ nhật tháng sáng tối đêm hôm
nay qua chồng vợ mẹ bố cha chị em ông bà cô chú bác gái trai trời phật xin chào cảm ơn nhà phòng bếp đường phố trường
tiền thư tin

понедельник понедельника вторник среда среду четверг пятница пятницу суббота субботу воскресенье январь января февраль
февраля март марте апрель апреля май мая мае июнь июня июль июля август августа августе сентябрь сентября октябрь
октября ноябрь ноября декабрь декабря утро утром вечер вечером ночь ночью сегодня вчера завтра неделя месяц год час
мужчина женщина мальчик девочка ребёнок дети мать мама отец папа сестра брат тётя дядя муж жена сын дочь бог богу бога
пожалуйста спасибо здравствуйте добрый день дом комната зал кухня улица вокзал город школа церковь мечеть деньги карта
письмо еда урок полиция врач хозяин волонтёр красный общежитие понеділок понеділка вівторок середа середу четвер
п'ятниця неділя неділю січень січня лютий лютого березень березня квітень квітня травень травня червень червня липень
липня серпень серпня вересень вересня жовтень жовтня листопад грудень грудня ранок вранці вечір увечері ніч вночі
сьогодні вчора учора тиждень місяць рік чоловік жінка хлопчик дівчинка дитина діти мати батько тато тітка дядько
дружина син донька будь ласка дякую доброго дня дім кімната зала вулиця місто церква гроші лист їжа лікар δευτέρα
τρίτη τετάρτη πέμπτη σάββατο ιανουάριο φεβρουάριο μάρτιο απρίλιο μάιο ιούνιο ιούλιο αύγουστο σεπτέμβριο οκτώβριο
νοέμβριο δεκέμβριο πρωί βράδυ νύχτα σήμερα χθες αύριο άντρας γυναίκα παιδί παιδιά μητέρα μαμά πατέρας αδελφή αδελφός
θεία θείος γιος κόρη θεός θεώ παρακαλώ ευχαριστώ καλημέρα καλησπέρα σπίτι δωμάτιο κουζίνα δρόμος σταθμός πόλη γραφείο
σχολείο εκκλησία τζαμί λεφτά χρήματα γράμμα φαγητό κάποιος κύριος κυρία δόξα

اثنين الاثنين ثلاثاء الثلاثاء أربعاء الأربعاء السبت الأحد كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين يناير
فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر مساء المساء ليل الليل اليوم أمس غدا أسبوع شهر سنة
ساعة رجل رجال امرأة نساء ولد أولاد بنت بنات طفل أطفال أم أمي أب أبي أخت أختي أخ أخي إخوة عمي خالي خالتي عمتي زوج زوجي
زوجتي ابني ابنتي ابن الله رب والله شكرا مرحبا أهلا تحية عليكم السلام وعليكم بركاته الحمد صلاة بيت البيت غرفة صالة قاعة
مطبخ مطعم شارع محطة مدينة مكتب مدرسة كنيسة مسجد جامع سوق مال فلوس بطاقة هاتف رسالة طعام درس شرطة طبيب مدير المدير
الناس ناس المكان مكان مركز المركز شخص هجرة الأحمر الصغير صغير كبير جيران سكن الشيء شيء أمر الأمر متطوع متطوعة مترجم
صورة صور صوري كلام كلامي شباك خوف باب بابي كل أحد أحدهم معنا كانا نحن أرجو

شنبه یکشنبه دوشنبه سهشنبه چهارشنبه پنجشنبه جمعه فروردین اردیبهشت خرداد مرداد شهریور آبان اسفند عصر شب امشب امروز دیروز
دیشب فردا هفته ماه سال ساعت مرد مردی زن زنان پسر دختر بچه کودک مادر مادرم پدر پدرم خواهر خواهرم برادر برادرم عمه خاله
دایی عمو شوهر شوهرم همسر پسرم دخترم خدا لطفا ممنون درود نماز خانه اتاق سالن آشپزخانه خیابان شهرداری ایستگاه اداره دفتر
مدرسه کلیسا بازار پول کارت گوشی نامه غذا کلاس پلیس دکتر مدیر مردم کسی آرامش پیر منگل بدھ جمعرات جمعے ہفتہ اتوار مہینہ
مہینے دن رات شام آج کل عورت لڑکا لڑکی بچہ بچے ماں امی ابو باپ بہن بھائی خالہ پھوپھی چچا ماموں شوہر بیوی بیٹا بیٹی اللہ
شکریہ شکر گھر کمرہ باورچی گلی شہر سکول پیسے خط کھانا کھانے آدمی کوئی مجھے مجھ میرا میری میرے سمجھ ادارے نے سے آتی کیسے
دوشنبې سه چهارشنبې جمعې شپه سهار ماښام نن پرون میاشت کال سړی ښځه هلک نجلۍ ماشوم مور پلار خور ورور مېړه زوی لور خدای
مننه سلامونه کور خوټه ښار ښوونځی جومات پیسې لیک ډوډۍ زما ستا وو هلته یې څه لا ده چې سره

ሰኞ ማክሰኞ ረቡዕ ሐሙስ ዓርብ አርብ ቅዳሜ እሁድ ጥቅምት ኅዳር ታኅሣሥ ጥር የካቲት መጋቢት ሚያዝያ ግንቦት ሰኔ ሐምሌ ነሐሴ ጠዋት ማታ ሌሊት እኩለ ዛሬ ትናንት ነገ ሳምንት በየሳምንቱ
ወር ዓመት ሰዓት ሰው ሰዎች ሰውዬ ወንድ ሴት ልጅ ልጆች እናት እናቴ አባት አባቴ እህት እህቴ ወንድም ወንድሜ አክስት አጎት ባል ባሌ ሚስት እግዚአብሔር እባክዎ እባካችሁ አመሰግናለሁ ጤና
ይመስገን ቤት ቤቱ ክፍል አዳራሽ ወጥ ኩሽና መንገድ ከተማ ቢሮ ትምህርት ቤተክርስቲያን መስጊድ ገንዘብ ካርድ ስልክ ደብዳቤ መልእክት ምግብ ቀይ መስቀል ላይ ያለ ግን አንድ ማንም ይህን
ለምን በኋላ ጊዜ በጣም በቅርቡ ሰማ ጾም የለኝም የለም ነው ናት ነበር ከዚያ ሰኑይ ሰሉስ ሓሙስ ዓርቢ ቀዳም ሰንበት ንግሆ ምሸት ለይቲ ሎሚ ትማሊ ጽባሕ ሰሙን ወርሒ ሰብ ሰብኣይ ሰበይቲ
ቆልዓ ቆልዑ ኣደ ኣደይ ኣቦ ኣቦይ ሓፍቲ ሓፍተይ ሓፍተይን ሓው ሓወይ ሓወይን ሓደ ኣምላኽ የቐንየለይ ንዓኹም ገዛ ክፍሊ ጽሕፈት ቴሌፎን ደብዳበ መልእኽቲ መግቢ ድሕሪ ፍርቂ ከም የለን ካብ
ናይ ክሳብ ሕጂ ኩሉ እያ እዩ ነይሮም

সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার শনিবার রবিবার সকাল রাত রাতে আজ কাল গতকাল মাস মাসে বছর মানুষ লোক মহিলা ছেলে
মেয়ে বাচ্চা মা আম্মা বাবা আব্বা বোন ভাই খালা চাচা মামা স্বামী স্ত্রী আল্লাহ আল্লাহর ধন্যবাদ সালাম নমস্কার বাড়ি ঘর
রুম রান্নাঘর রাস্তা শহর অফিস স্কুল মসজিদ টাকা চিঠি খাবার আমার আমি বন্ধ আসে আসেনা কেউ একজন सोमवार मंगलवार बुधवार
गुरुवार शुक्रवार शनिवार रविवार सुबह शाम रात आज कल हफ्ता महीना साल आदमी औरत लड़का लड़की बच्चा बच्चे माँ मां पिता पापा
बहन भाई चाचा मामा पति पत्नी बेटा बेटी भगवान धन्यवाद नमस्ते कृपया घर कमरा रसोई सड़क शहर दफ्तर स्कूल मंदिर पैसा पैसे फोन
चिट्ठी खाना திங்கட்கிழமை செவ்வாய்க்கிழமை புதன்கிழமை வியாழக்கிழமை வெள்ளிக்கிழமை சனிக்கிழமை ஞாயிற்றுக்கிழமை காலை மாலை
இரவு இன்று நேற்று நாளை வாரம் மாதம் ஆண்டு ஆண் பெண் பையன் குழந்தை அம்மா அப்பா அக்கா தங்கை அண்ணன் தம்பி மாமா அத்தை கணவர்
மனைவி கடவுள் நன்றி வணக்கம் வீடு அறை சமையலறை தெரு நகரம் பள்ளி கோவில் பணம் கடிதம் உணவு என் எனக்கு என்னை பிறகு எப்படி
செய்தி ஒருவர் யாரும்

שלישי רביעי חמישי שישי שבת ראשון ינואר פברואר מרץ אפריל יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר בוקר ערב לילה
היום אתמול מחר שבוע חודש שנה שעה איש אישה נשים ילד ילדה ילדים אמא אבא אחות אחותי אח אחי דודה בעל בעלי אלוהים תודה
בבקשה בית דירה בדירה חדר מטבח רחוב תחנה עיר משרד ספר כסף טלפון מכתב אוכל שיעור משטרה רופא קטן הקטן בא מישהו כותב שמעו
월요일 화요일 수요일 목요일 금요일 토요일 일요일 일월 이월 아침 저녁 밤 오늘 어제 내일 사람 남자 여자 아이 엄마 어머니 아빠 아버지 언니 누나 오빠 여동생 남동생 동생 남편 아내 하나님 감사 안녕하세요 제발
집 방 부엌 거리 역 도시 사무실 학교 교회 돈 카드 전화 편지 음식 자정
"""


def is_common(letters: str) -> bool:
    """`letters`: of a word, as they are compared."""
    return letters in _common()


@cache
def _common() -> frozenset[str]:
    return frozenset(word(fold(each)).letters for each in _WORDS.split())
