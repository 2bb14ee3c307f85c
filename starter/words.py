"""The words for what is drawn: every synonym captions choose from."""

from starter.drawing.hair import FRINGES

PERSON = {
    True: ("1girl", "girl", "a girl", "woman", "young woman"),
    False: ("1boy", "boy", "a boy", "man", "young man"),
}
HAIR_COLOUR = {"blonde": ("blonde", "blond", "golden"), "silver": ("silver", "white", "grey")}
HAIR_STYLE = {
    "short hair": ("short hair",),
    "spiky hair": ("spiky hair", "messy short hair"),
    "bob cut": ("bob cut", "short bob", "bob hair"),
    "medium hair": ("medium hair", "shoulder-length hair"),
    "long hair": ("long hair", "long straight hair"),
    "wavy hair": ("wavy hair", "long wavy hair"),
    "hime cut": ("hime cut", "long hair, hime cut"),
    "ponytail": ("ponytail", "high ponytail", "long hair, ponytail"),
    "side ponytail": ("side ponytail",),
    "twintails": ("twintails", "twin tails", "pigtails", "long hair, twintails"),
    "braid": ("braid", "single braid"),
    "twin braids": ("twin braids", "two braids"),
    "hair bun": ("hair bun", "bun"),
    "double bun": ("double bun", "two buns"),
}
EXPRESSION = {
    "smile": ("smile", "smiling", "gentle smile"),
    "happy": ("happy", "closed eyes, happy", "laughing"),
    "open mouth": ("open mouth", "open mouth smile"),
    "surprised": ("surprised",),
    "serious": ("serious", "serious expression"),
    "angry": ("angry",),
    "sad": ("sad",),
    "wink": ("wink", "one eye closed"),
    "sleepy": ("sleepy", "half-closed eyes"),
    "grin": ("grin", "grinning"),
}
POSE = {
    "jogging": ("jogging", "running", "jog"),
    "sprinting": ("sprinting", "running fast", "running"),
    "jumping": ("jumping", "jump", "leaping"),
    "standing": ("standing", "standing straight"),
    "relaxed": ("standing", "standing relaxed"),
    "sitting": ("sitting", "sitting on a stool", "seated"),
    "waving": ("waving", "waving hand"),
    "cheering": ("cheering", "arms up", "raised arms"),
    "crossed arms": ("crossed arms", "arms crossed"),
    "fighting stance": ("fighting stance", "battle stance"),
    "punching": ("punching", "punch"),
    "kicking": ("kicking", "high kick"),
    "dancing": ("dancing", "dance"),
    "ballet": ("ballet", "ballet pose"),
    "peace sign": ("peace sign", "v sign"),
    "walking": ("walking", "walk"),
    "spread arms": ("spread arms", "arms outstretched"),
    "reading": ("reading a book", "holding book"),
    "praying": ("praying", "hands clasped"),
    "sword stance": ("holding sword", "sword stance"),
    "casting magic": ("casting magic", "magic spell"),
    "thinking": ("thinking", "hand on chin"),
    "saluting": ("saluting", "salute"),
    "pointing": ("pointing", "pointing finger"),
    "raised fist": ("raised fist", "victory pose"),
}
PLACE = {
    "park": ("park", "in a park", "sunny park"),
    "forest": ("forest", "in the forest", "woods"),
    "beach": ("beach", "on the beach", "seaside"),
    "city": ("city", "city street", "street"),
    "snow": ("snow", "snowy field", "winter"),
    "mountains": ("mountains", "mountain"),
    "shrine": ("shrine", "torii", "japanese shrine"),
    "cherry blossoms": ("cherry blossoms", "sakura"),
    "desert": ("desert", "cactus, desert"),
    "rooftop": ("rooftop", "school rooftop"),
    "classroom": ("classroom", "in a classroom"),
    "bedroom": ("bedroom", "room"),
    "library": ("library", "bookshelves, library"),
}
TIME = {
    "day": ("day", "blue sky", "sunny", "daytime"),
    "sunset": ("sunset", "evening", "at sunset"),
    "night": ("night", "at night", "night sky"),
}
FRAMING = {
    "full body": ("full body", "full body shot"),
    "cowboy shot": ("cowboy shot",),
    "upper body": ("upper body",),
    "portrait": ("portrait", "close-up", "face"),
}
QUALITY = (
    "masterpiece",
    "best quality",
    "high quality",
    "highly detailed",
    "anime style",
    "anime",
    "illustration",
    "flat colors",
    "cel shading",
    "clean lineart",
    "vibrant colors",
    "anime key visual",
)
SKIN_WORD = {"fair skin": "fair skin", "tan": "tan", "dark skin": "dark skin", "": ""}
SHOE_WORD = {
    "sneakers": ("sneakers", "shoes", "running shoes"),
    "loafers": ("loafers", "shoes"),
    "boots": ("boots",),
    "sandals": ("sandals",),
    "none": ("barefoot",),
}
ACCESSORY_WORDS = (
    "glasses",
    "hair ribbon",
    "red ribbon",
    "hairband",
    "cat ears",
    "headphones",
    "flower in hair",
    "beret",
)
OTHER_WORDS = (
    "solo",
    "from behind",
    "back view",
    "indoors",
    "outdoors",
    "simple background",
    "white background",
    *FRINGES,
)
