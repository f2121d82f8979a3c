"""What languages put behind a name and before it, in closed lists by alphabet."""

from gpbot.people.letters import same

_LATIN = """
s es is os us ens ns nes
a ai ah aj am an ana as at au ach ami amy ama ada aga
e ei ej em en ene er es et ego eho emu eje ea
i ia ich ie iem iej iu im imi in ina ins it io ios ii
o oj om omu on os ot ou ov ova ove ovi ovo ova owi owie ow owa
u ui uj un um us ul ului ue
y ych ym ymi yi yu ya ye yn yla yle
ga ka ge ke le lla lle lta ltä ssa sse sta sti ta te ni na ne nin nun ning ng ta tta
ega aga iga uga da de dan den tan ten do ro ra re ba be ban ben bol bel rol rel tol tel hoz hez nal nel nak nek val vel
al el ert ig kent va ve
la le lar ler larin lerin lari leri iyle iyi in inin inda inde indan inden dagi daki lik dir tir dur
ille illa ilta issa ista iin iksi ksi ks ilt ist ile ilta iga ila ina ini ilda
isse olla olle ollo alle alla alta asta assa ista estä esta elta ella elle ellä ossa osta olta ulle ulla usta
oru oje uose iui iai
le lt l st t d n m k
sha cha cka ske ski ska skiej skiego skiemu
ku kom kovi ki
ju jem ja je jom
ko enko
ri ren rekin rentzat
"""
_CYRILLIC = """
а я у ю е є ё и ы і ї о й ь
ом ем єм ём ой ей єй ою ею єю ьо ью ам ям ах ях ами ями ов ев єв їв ів
ием иям иях иями ого его ому ему ім ым им ій ый ий ая яя ую юю ых их іх ові еві єві еви ови
ых ыми ими ьо ьом ьох ія ії ію ією ие
ын ин ін ина ины ине ину иной ского скому ским ском ської ській
дын дің нын нің тын тің ды ді ты ті ны ні да де та те ға ге қа ке га ка дан ден тан тен нан нен мен бен пен
нын ни ту ды до го ко
от та то ът ва ве во
"""
_GREEK = "ς σ ο ου ον ε η ης ας α ων οι ους ι ιου εα υ ω ιο ιον ακη"
_ARMENIAN = "ը ի ին ն ից ով ում իս իդ ս դ եր ները ների յի ուն ու"
_GEORGIAN = "ი მ მა ს ის ად დ ით ო ა მან სთან ისთან ზე თან ისგან გან ისთვის სთვის მი ც იც იმ იმა ის ას"
_ARABIC = "ی و م ت ش ا ه ست است رو را ها هاي ان ک ک یی یم یت یش هکم م ات وه یان ن کان یش دا ین ای یہ"  # after spelling
_HEBREW = "י ו ה ים נו"
_HANGUL = """
이 가 은 는 을 를 의 에 에게 에게서 한테 한테서 께 께서 와 과 랑 이랑 하고 도 만 로 으로 씨 님 아 야 이가 이는 이를 이의
이한테 이에게 이도 이랑 씨가 씨는 씨를 씨의 씨한테 씨에게 씨도 씨랑 님이 님은 님을 님의 님께 님한테 이야 이다 입니다 이에요 예요
라는 이라는 라고 이라고 처럼 부터 까지 보다 군 양 선생님 선생님이 선생님은 언니 오빠 누나 형
"""
_BENGALI = "কে র ের য়ের এর তে য় ে রা দের কেও ও ই টা টি র ই কেই"
_DEVANAGARI = "ने को का की के से में पर जी ला चा ची चे नी ना ही भी ले लाई"
_TAMIL = "ை ஐ யை வை னை ன் ஆல் ால் யால் உம் ும் யும் வும் க்கு ுக்கு இன் ின் யின் வின் இடம் ிடம் யிடம் ுடன் உடன் யுடன் ே ஏ ா ோடு"
_GUJARATI = "ને નો ની નું ના થી માં એ ભાઈ બેન"
_GURMUKHI = "ਨੇ ਨੂੰ ਦਾ ਦੀ ਦੇ ਤੋਂ ਜੀ"
_TELUGU = "ను ని కి కు తో లో గారు యొక్క"
_KANNADA = "ನನ್ನು ನು ಗೆ ಯ ನ ಇಂದ ಅವರು"
_MALAYALAM = "നെ െ യെ ിനെ ന് ക്ക് ിന്റെ യുടെ ുടെ ോട് യോട്"
_SINHALA = "ගේ ට ව ගෙන්"
_ETHIOPIC = "ን ም ንም ስ ና ው ዋ ዬ ዎ"

ENDINGS: dict[str, frozenset[str]] = {
    script: frozenset(same(words).split())
    for script, words in {
        "LATIN": _LATIN,
        "CYRILLIC": _CYRILLIC,
        "GREEK": _GREEK,
        "ARMENIAN": _ARMENIAN,
        "GEORGIAN": _GEORGIAN,
        "ARABIC": _ARABIC,
        "HEBREW": _HEBREW,
        "HANGUL": _HANGUL,
        "BENGALI": _BENGALI,
        "DEVANAGARI": _DEVANAGARI,
        "TAMIL": _TAMIL,
        "GUJARATI": _GUJARATI,
        "GURMUKHI": _GURMUKHI,
        "TELUGU": _TELUGU,
        "KANNADA": _KANNADA,
        "MALAYALAM": _MALAYALAM,
        "SINHALA": _SINHALA,
        "ETHIOPIC": _ETHIOPIC,
    }.items()
}

# Small words written in one with what follows; the longest first.
BEFORE: dict[str, tuple[str, ...]] = {
    "ARABIC": ("وبال", "ولل", "وال", "فال", "بال", "کال", "ول", "وب", "لل", "ال", "و", "ف", "ب", "ل", "ک", "س"),
    "HEBREW": ("וש", "של", "ול", "וה", "וב", "שה", "ומ", "כש", "ו", "ה", "ב", "ל", "מ", "ש", "כ"),
    "ETHIOPIC": ("እንደ", "ስለ", "እነ", "ለ", "ከ", "በ", "የ", "ን", "ብ", "ና"),
}

# What stands in a name and is no name of its own.
PARTICLES = frozenset(
    """
    van der den de la las los le les el al ul il bin ibn bint ould da di do dos das du des del della von zu zur zum vom
    ten ter te het af av am und and y e i o d dr mr mrs ms mx prof ing jr sr ii iii phd
    she he they her hers him his them theirs ze zir xe xem sie er ihr elle lui ella ellos it its any all pronouns
    ال آل بن ابن بنت عبد د دکتر خانم آقای
    де фон ван аль ибн
    """.split()
)
