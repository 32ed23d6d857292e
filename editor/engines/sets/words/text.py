"""Text as it is matched: folded to plain letters and cut into tokens that remember where they stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

TokenKind = Literal["word", "number", "colour", "figure", "emoji", "comma", "stop", "and"]

# Letters that Unicode does not take apart, and the Han characters that differ between traditional
# Chinese, simplified Chinese and Japanese: lexicon and prompt are both folded, so any one form will do.
LETTERS = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i", "’": "'", "‘": "'", "´": "'"}
HAN = {
    pair[0]: pair[1]
    for pair in (
        "綠绿 緑绿 藍蓝 紅红 黃黄 銀银 絹绢 雲云 電电 燈灯 樂乐 楽乐 華华 葉叶 蠟蜡 蝋蜡 風风 陽阳 體体 點点 無无 臺台 "
        "檯台 園园 圓圆 円圆 極极 產产 産产 鏡镜 鋼钢 鐵铁 鉄铁 銅铜 紙纸 絲丝 糸丝 綢绸 緞缎 緒绪 線线 織织 樹树 櫻樱 "
        "桜樱 櫥橱 廚厨 廳厅 牆墙 磚砖 燭烛 煙烟 霧雾 氣气 凍冻 漁渔 魚鱼 鮮鲜 鳥鸟 麗丽 聖圣 誕诞 節节 慶庆 禮礼 層层 "
        "級级 塊块 條条 個个 張张 雙双 兩两 両两 隻只 盞盏 後后 裡里 裏里 邊边 辺边 側侧 間间 門门 簾帘 簡简 潔洁 優优 "
        "溫温 熱热 帶带 際际 濱滨 浜滨 灘滩 島岛 嶺岭 巖岩 礦矿 鑽钻 貝贝 殼壳 漿浆 葦苇 蘆芦 蓮莲 蘭兰 薔蔷 澀涩 調调 "
        "質质 絨绒 氈毡 麥麦 穀谷 豐丰 現现 場场 環环 畫画 書书 籃篮 盤盘 燦灿 爛烂 閃闪 煉炼 夢梦 絢绚 黒黑 淺浅 濃浓 "
        "豔艳 艷艳 紺绀 稱称 寶宝 廣广 図图 圖图 劇剧 戲戏 戯戏 靜静 靈灵 歲岁 歳岁 雜杂 雑杂 滿满 飄飘 沒没 別别 傢家 "
        "俱具 庫库 閣阁 構构 橋桥 專专 業业 實实 寫写 攝摄 瓏珑 繡绣 棧栈 憶忆 懷怀 舊旧 復复 複复 貴贵 尋寻 籠笼 鍋锅 "
        "壺壶 爐炉 燒烧 劃划 軟软 輕轻 頂顶 視视 頭头 見见 從从 與与 並并 還还 這这 樣样 讓让 為为 會会 對对 應应 開开 "
        "關关 發发 來来 種种 類类 傳传 統统 藝艺 術术 館馆 廟庙 樓楼 龍龙 獨独 櫃柜 檸柠 蘋苹 薑姜 藥药 蔥葱 雞鸡 鵝鹅 "
    ).split()
}
LONGEST_EXPANSION = 4  # of one character; "﷽" stands for eighteen letters

CJK = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
EMOJI = "\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff"
TOKEN = re.compile(
    rf"""
      (?P<tag><[a-z/!][^<>]{{0,200}}>|--[a-z]+\ [\d:.]+)
    | (?P<colour>\#(?:[0-9a-f]{{6}}|[0-9a-f]{{3}})(?![0-9a-z])
        |rgba?\(\s*\d{{1,3}}\s*,\s*\d{{1,3}}\s*,\s*\d{{1,3}}\s*(?:,[\s\d.%]*)?\)
        |(?<![0-9a-z])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{{6}}(?![0-9a-z]))
    | (?P<number>(?<![\d.:/])\d{{1,4}}(?![\d.:/%]*[\da-z%°]))
    | (?P<figure>\d[\d.,:/x×%°]*[a-z]*|\bf/\d[\d.]*)
    | (?P<emoji>[{EMOJI}])
    | (?P<han>[{CJK}])
    | (?P<word>(?:(?![{CJK}])[^\W\d_])+)
    | (?P<and>[&+])
    | (?P<comma>[,、，/|()\[\]{{}}:·•"“”«»「」『』]|\s[-–—]+\s|[–—])
    | (?P<stop>[.;!?。；！？…\n\r])
    """,
    re.VERBOSE,
)
PARTICLES = "的の"
"""Join a modifier to its noun in Chinese and Japanese; there is nothing else in them for us."""


@dataclass(frozen=True)
class Token:
    """A piece of a text: folded, with where it stood in the text as written (start, end)."""

    key: str
    start: int
    end: int
    kind: TokenKind = "word"
    script: Literal["latin", "han"] = "latin"


@cache
def _plain(character: str) -> str:
    """Return a character as matched: width, case and accents gone, "" for what is not seen."""
    wide = unicodedata.normalize("NFKC", character).casefold()
    if len(wide) > LONGEST_EXPANSION:
        return " "
    bare = "".join(c for c in unicodedata.normalize("NFD", wide) if not "\u0300" <= c <= "\u036f")
    bare = unicodedata.normalize("NFC", bare)
    out = []
    for c in bare:
        category = unicodedata.category(c)
        if c in "\u200b\u200c\u200d\u2060\ufeff\u00ad" or "\ufe00" <= c <= "\ufe0f":
            continue
        if category in ("Cc", "Cf", "Cs", "Co", "Cn"):
            out.append("\n" if c in "\n\r" else " ")
        else:
            out.append(LETTERS.get(c) or HAN.get(c) or c)
    return "".join(out)


def fold(text: str) -> tuple[str, list[int]]:
    """Return the text as matched and, for each of its characters, the index of the one it came from."""
    folded: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        plain = _plain(character)
        folded.append(plain)
        origin.extend([index] * len(plain))
    return "".join(folded), origin


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text in order. Linear in its length; never fails."""
    folded, origin = fold(text)
    found: list[Token] = []
    for match in TOKEN.finditer(folded):
        name, key = match.lastgroup, match.group()
        if name == "tag" or name is None or key in PARTICLES:
            continue
        start, end = origin[match.start()], origin[match.end() - 1] + 1
        if name == "han":
            found.append(Token(key, start, end, "word", "han"))
        else:
            found.append(Token(key, start, end, name))  # type: ignore[arg-type]
    return found


def key(phrase: str) -> str:
    """Return a lexicon's phrase as its tokens' keys, joined by spaces."""
    if phrase.isascii() and phrase.replace(" ", "").isalpha():
        return phrase.lower()
    return " ".join(token.key for token in tokens(phrase))
