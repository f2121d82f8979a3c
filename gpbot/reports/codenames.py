"""Code names for reports: two random friendly words, never a number."""

import secrets

_FIRST = """
amber autumn bold brave breezy bright calm candid cedar clear clever coastal copper coral cosy crisp
curly dainty dapper deep eager early earnest easy elder evening fair fancy fern firm fleet floral fluent
fond free fresh friendly frosty gentle ginger glad glassy gleaming golden grand green hardy hazel hearty
hidden high honest hopeful humble icy indigo ivory jade jolly keen kind lanky large late lavender leafy
lemon level light lilac lively long loyal lucky lunar maple marble mellow merry mild mint misty modest
mossy neat nimble noble northern olive opal open orange patient peach pearl placid plain plucky polar
polite prime proud purple quick quiet rapid rare ready regal rosy round royal ruby rustic sage sandy
scarlet shady sharp shiny silent silken silver simple sleepy smooth snowy soft solar solid southern spry
starry steady still stout sunny sure swift tall tawny tender thrifty tidy tiny topaz tranquil true trusty
upland vast velvet violet vivid warm wavy western whole wide windy winter wise witty woven young zesty
""".split()

_SECOND = """
acorn alder anchor apple arch aspen badger bakery barley basket bay beacon bench birch bluebell boat
bonfire book bramble branch bridge brook bucket button cabin canal candle canoe castle chestnut chimney
cloud clover coast comet compass cottage cove crane creek cricket crown daisy dawn delta dolphin door
dove drum dune eagle elm ember falcon feather fern ferry field finch fir flute forest fountain fox garden
gate glacier glade grove gull hamlet harbour hare harp hawk hazel heath hedge heron hill hollow horizon
inlet island ivy jetty kettle kite ladder lagoon lake lamp lantern lark laurel leaf lily linden lodge
loom lynx magpie maple marsh meadow mill mirror moon moor moss mountain nest oak oar oasis orchard otter
owl paddle palm path pebble pier pine plum pond poplar prairie puffin quarry quilt rain raven reed reef
ridge river robin rook rose rowan saddle sail sandbar sparrow spring spruce star stone stream summit
swallow swan tower trail tulip valley village violet walnut water wave well wheat willow window wren yew
""".split()


def new_code_name() -> str:
    """Random, so that nobody can tell how many there are or which came first."""
    first = secrets.choice(_FIRST)
    return f"{first} {secrets.choice([second for second in _SECOND if second != first])}".title()
