"""What prompts in fifteen languages are taken for: said is built, whatever the words' order and endings.

A wish is written "role=name/finish~colour*count", "theme=beach", "light=sunset", or "without=flowers".
"""

from __future__ import annotations

import re

import pytest

from editor.engines.scenes.plan import Piece, SetPlan
from editor.engines.scenes.prompt import Understanding, understand
from editor.engines.scenes.prompt.colours import COLOURS, measure_distance
from editor.engines.scenes.prompt.language import text
from editor.engines.scenes.prompt.language.lexicon import lexicon

CLOSE = 0.25  # of 1.7, how far apart black and white are
WISH = re.compile(
    r"(?P<role>\w+)=(?P<name>[a-z-]*)(?:/(?P<finish>\w+))?(?:~(?P<colour>[a-z-]+))?(?:\*(?P<count>\d+))?\Z"
)

ENGLISH = {
    "white marble podium with two gold spheres": "stand=podium/marble prop=ball/gold*2",
    "terracotta wall, gold ball, soft morning light, without flowers": (
        "backdrop=wall~terracotta prop=ball/gold light=morning without=flowers"
    ),
    "on a wooden table in front of a brick wall": "surface=wood backdrop=brick",
    "surrounded by red roses on black velvet": "prop=roses~red surface=velvet~black",
    "at the beach at sunset with seashells": "theme=beach light=sunset prop=shells",
    "resting on a rock by the sea": "stand=rock theme=seaside backdrop=sea",
    "red velvet curtain, three candles": "backdrop=curtain/velvet~red prop=candles*3",
    "blue sky with white clouds": "backdrop=sky~blue",
    "flat lay on pink paper with eucalyptus": "surface=paper~pink camera=top pose=lie prop=eucalyptus",
    "a coffee mug on a walnut desk, blurred living room": "surface=dark-wood theme=living-room-place",
    "navy blue wall with mouldings": "backdrop=panels~navy",
    "pink, blue and yellow balloons": "prop=balloons~pink prop=balloons~blue prop=balloons~yellow",
    "pale green arch, travertine podium": "backdrop=arch~pale-green stand=podium/stone",
    "#e07a5f background": "backdrop=~terracotta",
    "rgb(20, 30, 200) podium": "stand=podium~medium-blue",
    "dark moody forest with fog and mushrooms": "theme=forest air=mist prop=mushrooms",
    "snowy mountains, ice block, cold light": "stand=ice-block backdrop=mountains",
    "kitchen counter with lemons and basil": "surface=counter prop=citrus~canary prop=basil",
    "neon lights, wet asphalt, rain": "light=neon surface=wet-floor air=rain",
    "shallow water with ripples, sky behind": "surface=water backdrop=sky",
    "a white wall with palm leaf shadows": "backdrop=leaf-shadow-wall~white",
    "sunlight through blinds on a beige wall": "light=blinds backdrop=wall~beige",
    "wooden tabel with lemmons": "surface=wood prop=citrus",
    "three rose gold rings and dark blue silk": "prop=ring/copper*3 surface=silk~dark-blue",
    "low angle, rim lighting, smoke": "camera=low light=rim air=smoke",
    "podium made of pink marble": "stand=podium/marble~pink",
    "Halloween with pumpkins, no candles": "theme=halloween prop=pumpkins without=candles",
    "pink and gold background": "backdrop=~pink prop=/gold",
    "fern leaves and a bunch of wildflowers": "prop=fern prop=wildflowers",
    "dramatic red light on a black podium": "light=neon stand=podium~black",
    "wet street with magenta and cyan neon": "surface=wet-floor light=neon",
    "deck of old boards, snow, pine cones": "surface=snow prop=cones",
    "football pitch under floodlights": "theme=stadium",
    "misty forest, gothic": "theme=forest air=mist theme=moody",
    "cherry trees behind a wooden table": "backdrop=garden surface=wood",
    "milk splash, strawberries, pink background": "prop=splash prop=strawberries backdrop=~pink",
    "levitating, brown leather, in a library": "stand=levitation surface=leather theme=library",
    "kiwi and mint on marble": "prop=kiwi prop=mint surface=marble",
    "gold foil background": "surface=foil/gold backdrop=sweep",
    "leather background, soft side light": "surface=leather backdrop=sweep light=window",
    "poolside tiles, turquoise water, palm shadows": "surface=tiles backdrop=pool light=leaf-shadows",
    "checkerboard, falling petals, oranges": "surface=checkerboard air=falling-petals prop=whole-citrus",
}
SPANISH = {
    "podio de mármol blanco con dos esferas doradas": "stand=podium/marble prop=ball/gold*2",
    "pared de color terracota, bola dorada, luz suave de la mañana, sin flores": (
        "backdrop=wall~terracotta prop=ball/gold light=morning without=flowers"
    ),
    "en una mesa de madera delante de una pared de ladrillo": "surface=wood backdrop=brick",
    "rodeado de rosas rojas": "prop=roses~red",
    "en la playa al atardecer con conchas": "theme=beach light=sunset prop=shells",
    "sobre una roca junto al mar": "stand=rock theme=seaside",
    "fondo rosa claro con globos amarillos": "backdrop=~light-pink prop=balloons~yellow",
    "cortina de terciopelo verde oscuro": "backdrop=curtain/velvet~dark-green",
    "taza de café en una mesa de mármol": "surface=marble",
    "tres cubos amarillos y dos conos azules sobre fondo celeste": (
        "prop=cube~yellow*3 prop=cone~blue*2 backdrop=~sky-blue"
    ),
    "bosque con niebla, hojas de helecho y setas": "theme=forest air=mist prop=fern prop=mushrooms",
    "vista cenital, papel arrugado, rodajas de limón": "camera=top surface=crumpled-paper prop=citrus",
    "paredes marrones, velas blancas": "backdrop=wall~brown prop=candles~white",
}
FRENCH = {
    "socle en marbre blanc avec deux sphères dorées": "stand=podium/marble prop=ball/gold*2",
    "mur en terre cuite, boule dorée, lumière douce du matin, sans fleurs": (
        "backdrop=wall~terracotta prop=ball/gold light=morning without=flowers"
    ),
    "sur une table en bois devant un mur de briques": "surface=wood backdrop=brick",
    "entouré de roses rouges": "prop=roses~red",
    "à la plage au coucher du soleil avec des coquillages": "theme=beach light=sunset prop=shells",
    "flacon sur un rocher au bord de la mer": "stand=rock theme=seaside",
    "fond or et blanc": "backdrop=~white prop=/gold",
    "rideau en velours vert émeraude": "backdrop=curtain/velvet~emerald",
    "fleurs roses et pétales blancs": "prop=flowers~pink prop=petals~white",
    "plan de travail en marbre noir, lumière latérale": "surface=dark-marble light=low-key",
    "trois cubes jaunes sur fond turquoise": "prop=cube~yellow*3 backdrop=~turquoise",
    "forêt brumeuse, rondin de bois, champignons": "theme=forest air=mist stand=log prop=mushrooms",
    "pain et mur blanc": "theme=bakery backdrop=wall~white",
}
GERMAN = {
    "weißes Marmorpodest mit zwei goldenen Kugeln": "stand=podium/marble prop=ball/gold*2",
    "terrakottafarbene Wand, goldene Kugel, sanftes Morgenlicht, ohne Blumen": (
        "backdrop=wall~terracotta prop=ball/gold light=morning without=flowers"
    ),
    "auf einem Holztisch vor einer Backsteinwand": "surface=wood backdrop=brick",
    "umgeben von roten Rosen": "prop=roses~red",
    "am Strand bei Sonnenuntergang mit Muscheln": "theme=beach light=sunset prop=shells",
    "Sommerwiese im Sonnenuntergang": "theme=meadow light=sunset",
    "Weihnachtsbeleuchtung auf dunklem Holz": "prop=fairy-lights surface=dark-wood",
    "Marmorplatte mit Eukalyptuszweigen": "surface=marble prop=eucalyptus",
    "hellblauer Hintergrund, roter Samtvorhang": "backdrop=curtain/velvet~red",
    "dunkelgrüne Wand, helles Licht": "backdrop=wall~dark-green light=high-key",
    "drei gelbe Würfel und zwei rosa Kegel": "prop=cube~yellow*3 prop=cone~pink*2",
    "Gemuetliche Kueche mit Kuerbissen": "theme=cosy theme=kitchen-place prop=pumpkins",
    "Tablett aus Holz, keine Blumen": "stand=tray/wood without=flowers",
}
PORTUGUESE = {
    "pódio de mármore branco com duas esferas douradas": "stand=podium/marble prop=ball/gold*2",
    "parede terracota, bola dourada, luz suave da manhã, sem flores": (
        "backdrop=wall~terracotta prop=ball/gold light=morning without=flowers"
    ),
    "em uma mesa de madeira na frente de uma parede de tijolos": "surface=wood backdrop=brick",
    "cercado de rosas vermelhas": "prop=roses~red",
    "na praia ao pôr do sol com conchas": "theme=beach light=sunset prop=shells",
    "fundo rosa claro com flores brancas": "backdrop=~light-pink prop=flowers~white",
    "cortina de veludo vermelho, balões azuis": "backdrop=curtain/velvet~red prop=balloons~blue",
    "três cubos amarelos em fundo turquesa": "prop=cube~yellow*3 backdrop=~turquoise",
    "floresta com névoa e cogumelos": "theme=forest air=mist prop=mushrooms",
    "vista de cima em mármore branco com pétalas de rosa": "camera=top surface=marble prop=petals",
    "parede de concreto com sombra de persiana": "backdrop=concrete-wall light=blinds",
    "banheiro com toalhas e bolhas de sabão": "theme=bathroom-place prop=towel prop=bubbles",
}
ITALIAN = {
    "podio di marmo bianco con due sfere dorate": "stand=podium/marble prop=ball/gold*2",
    "parete terracotta, palla d'oro, luce soffusa del mattino, senza fiori": (
        "backdrop=wall~terracotta prop=ball/gold light=morning without=flowers"
    ),
    "su un tavolo di legno davanti a un muro di mattoni": "surface=wood backdrop=brick",
    "circondato da rose rosse": "prop=roses~red",
    "sulla spiaggia al tramonto con conchiglie": "theme=beach light=sunset prop=shells",
    "sfondo rosa con tende bianche": "backdrop=curtain~white",
    "tenda di velluto verde scuro": "backdrop=curtain/velvet~dark-green",
    "tre cubi gialli su sfondo turchese": "prop=cube~yellow*3 backdrop=~turquoise",
    "bosco nebbioso, ceppo con funghi": "theme=forest air=mist stand=log prop=mushrooms",
    "vista dall'alto su marmo bianco con petali di rosa": "camera=top surface=marble prop=petals",
    "bagno con asciugamani e bolle di sapone": "theme=bathroom-place prop=towel prop=bubbles",
    "mare blu, limoni e foglie di ulivo": "backdrop=sea~blue prop=citrus prop=olive",
}
CHINESE = {
    "白色大理石展台上放着两个金球": "stand=podium/marble prop=ball/gold*2",
    "赤陶色的墙，一个金球，柔和的晨光，不要花": (
        "backdrop=wall~terracotta prop=ball/gold*1 light=morning without=flowers"
    ),
    "木桌上，砖墙前，三支蜡烛": "surface=wood backdrop=brick prop=candles*3",
    "周围环绕着红玫瑰": "prop=roses",
    "日落时的海滩，贝壳": "theme=beach light=sunset prop=shells",
    "浅蓝色背景，粉色气球": "backdrop=~light-blue prop=balloons~pink",
    "紅色絲絨窗簾": "backdrop=curtain/velvet~red",
    "三个黄色立方体和两个粉色圆锥": "prop=cube~yellow*3 prop=cone~pink*2",
    "雾气缭绕的森林，树桩，蘑菇": "theme=forest air=mist stand=log prop=mushrooms",
    "俯拍，粉色纸张，尤加利叶": "camera=top surface=paper~pink prop=eucalyptus",
    "大理石台面上的金色香水瓶背景是竹林柔和的晨光没有花": (
        "surface=marble theme=forest light=morning without=flowers"
    ),
    "浴室，白色毛巾，泡泡": "theme=bathroom-place prop=towel~white prop=bubbles",
}
JAPANESE = {
    "白い大理石の台座に金の球が2つ": "stand=podium/marble prop=ball/gold*2",
    "テラコッタ色の壁、金の玉、柔らかな朝の光、花なし": (
        "backdrop=wall~terracotta prop=ball/gold light=morning without=flowers"
    ),
    "レンガの壁の前の木のテーブルの上に、ろうそく3本": "backdrop=brick surface=wood prop=candles*3",
    "赤いバラに囲まれて": "prop=roses~red",
    "夕日のビーチ、貝殻": "theme=beach light=sunset prop=shells",
    "薄いピンクの背景、白い風船、人物なし": "backdrop=~light-pink prop=balloons~white",
    "赤いベルベットのカーテン": "backdrop=curtain/velvet~red",
    "黄色い立方体3つとピンクの円錐2つ": "prop=cube~yellow*3 prop=cone~pink*2",
    "霧の森、切り株、きのこ": "theme=forest air=mist stand=log prop=mushrooms",
    "真上から、ピンクの紙、ユーカリ": "camera=top surface=paper~pink prop=eucalyptus",
    "窓の影がベージュの壁に": "backdrop=sunlit-wall~beige",
    "バスルーム、白いタオル、泡": "theme=bathroom-place prop=towel~white prop=bubbles",
}
KOREAN = {
    "흰 대리석 포디움 위에 금색 공 두 개, 핑크 벽": (
        "stand=podium/marble~white prop=ball/gold*2 backdrop=wall~pink"
    ),
    "나무 테이블 위에, 벽돌 벽 앞에, 촛불, 꽃 없이": (
        "surface=wood backdrop=brick prop=candles without=flowers"
    ),
    "해변에서 석양, 조개와 야자수": "theme=beach light=sunset prop=shells prop=palm",
    "오른쪽 여백, 검은 벨벳": "surface=velvet~black",
    "꽃들과 촛불들 사이에, 이끼로 덮인 바위에서도": "prop=flowers prop=candles stand=rock",
    "장미꽃잎들이 흩어진 침대, 빈 공간은 왼쪽에": "surface=linen prop=petals",
}
RUSSIAN = {
    "белый мраморный подиум с двумя золотыми шарами": "stand=podium/marble~white prop=ball/gold*2",
    "на деревянном столе перед кирпичной стеной, без цветов": "surface=wood backdrop=brick without=flowers",
    "пляж на закате с ракушками": "theme=beach light=sunset prop=shells",
    "синий неоновый свет, мокрый асфальт, дождь": "light=neon surface=wet-floor air=rain",
}
ARABIC = {
    "منصة من الرخام الأبيض مع كرات ذهبية": "stand=podium/marble~white prop=ball/gold",
    "على طاولة خشبية أمام جدار من الطوب": "surface=wood backdrop=brick",
    "شاطئ عند الغروب مع الأصداف": "theme=beach light=sunset prop=shells",
    "شموع، حديقة، بدون زهور": "prop=candles theme=garden without=flowers",
    "وزهور بيضاء وشموع، بضوء دافئ": "prop=flowers~white prop=candles",
    "ورخام أبيض مع ورود وأصداف": "surface=marble~white prop=roses prop=shells",
    "نيون وردية وزرقاء، وبالزهور": "light=neon prop=flowers",
}
TURKISH = {
    "beyaz mermer podyum, altın küre, pembe duvar": (
        "stand=podium/marble~white prop=ball/gold backdrop=wall~pink"
    ),
    "ahşap masa üzerinde, tuğla duvar önünde, çiçekler olmadan": (
        "surface=wood backdrop=brick without=flowers"
    ),
    "plajda gün batımı, deniz kabukları": "theme=beach light=sunset prop=shells",
}
HINDI = {
    "सफेद संगमरमर का मंच, सुनहरी गेंद, गुलाबी दीवार": (
        "stand=podium/marble~white prop=ball/gold backdrop=wall~pink"
    ),
    "लकड़ी की मेज पर, ईंट की दीवार के सामने": "surface=wood backdrop=brick",
    "दिवाली, मोमबत्तियां, फूल के बिना": "theme=diwali prop=candles without=flowers",
}
DUTCH = {
    "wit marmeren podium met twee gouden bollen": "stand=podium/marble~white prop=ball/gold*2",
    "op een houten tafel voor een bakstenen muur, zonder bloemen": (
        "surface=wood backdrop=brick without=flowers"
    ),
    "strand bij zonsondergang met schelpen": "theme=beach light=sunset prop=shells",
}
POLISH = {
    "biały marmurowy podest z dwiema złotymi kulami": "stand=podium/marble~white prop=ball/gold*2",
    "na drewnianym stole przed ceglaną ścianą, bez kwiatów": "surface=wood backdrop=brick without=flowers",
    "plaża o zachodzie słońca z muszlami": "theme=beach light=sunset prop=shells",
}
MIXED = {
    "🎄🎁 with snow": "backdrop=fir-lights prop=gifts surface=snow",
    "tropical 🌴 background with 🍋": "theme=tropics prop=palm prop=citrus",
    "wooden table, fleurs roses, 蜡烛": "surface=wood prop=flowers~pink prop=candles",
    "１２ ｇｏｌｄ ｂａｌｌｓ": "prop=ball/gold*12",
}
PROMPTS = [
    (prompt, wish)
    for table in (
        ENGLISH,
        SPANISH,
        FRENCH,
        GERMAN,
        PORTUGUESE,
        ITALIAN,
        CHINESE,
        JAPANESE,
        KOREAN,
        RUSSIAN,
        ARABIC,
        TURKISH,
        HINDI,
        DUTCH,
        POLISH,
        MIXED,
    )
    for prompt, wish in table.items()
]


def _pieces(plan: SetPlan, role: str) -> list[Piece]:
    if role == "prop":
        return list(plan.props)
    piece = getattr(plan, role)
    return [piece] if piece is not None else []


def _is_there(wish: str, understood: Understanding, plan: SetPlan) -> bool:
    found = WISH.match(wish)
    assert found is not None, wish
    role, name = found["role"], found["name"]
    if role == "theme":
        return name in understood.wishes.themes
    if role == "without":
        return all(piece.name != name for piece in plan.props)
    if role in ("light", "air", "camera", "pose"):
        return str(getattr(plan, role)) == name
    return any(
        (not name or piece.name == name)
        and (not found["finish"] or piece.finish == found["finish"])
        and (
            not found["colour"]
            or (bool(piece.colour) and measure_distance(piece.colour, COLOURS[found["colour"]]) < CLOSE)
        )
        and (not found["count"] or piece.count == int(found["count"]))
        for piece in _pieces(plan, role)
    )


@pytest.mark.parametrize(("prompt", "wishes"), PROMPTS, ids=[prompt for prompt, _ in PROMPTS])
def test_what_was_said_is_built_with_every_seed(prompt: str, wishes: str) -> None:
    understood = understand(prompt)
    for seed in (0, 1, 2):
        plan = understood.plan(seed)
        absent = [wish for wish in wishes.split() if not _is_there(wish, understood, plan)]
        assert absent == [], (understood.lines(), plan)
    assert understood.missed == ()


@pytest.mark.parametrize(
    ("prompt", "missed"),
    [
        ("garlic on a marble table", ("garlic",)),
        ("marble table, held by a hand", ("hand",)),
        ("pain relief gel on a marble table", ("pain", "relief")),
        ("summer sale, red background", ("sale",)),
        ("please, a photo of my product on sand, 8k, ultra realistic, masterpiece", ()),
        ("beach, no people, no text, no watermark, not blurry", ()),
    ],
)
def test_words_that_mean_nothing_to_a_set_are_told_and_filler_is_not(
    prompt: str, missed: tuple[str, ...]
) -> None:
    assert set(missed) <= set(understand(prompt).missed)
    assert bool(understand(prompt).missed) == bool(missed)


@pytest.mark.parametrize(
    ("language", "word", "concept"),
    [
        ("ko", "꽃잎들이랑", "petals"),
        ("ko", "바위에서도", "rock"),
        ("ko", "창가에서만", "window"),
        ("ko", "사이에", "@around"),
        ("ko", "사도", ""),
        ("ar", "بشموع", "candles"),
        ("ar", "كالذهب", "gold"),
        ("ar", "بيت", ""),
    ],
)
def test_what_is_written_onto_a_word_is_taken_off_where_a_known_word_is_left(
    language: str, word: str, concept: str
) -> None:
    assert lexicon(language).find(text.fold_text(word)) == concept
