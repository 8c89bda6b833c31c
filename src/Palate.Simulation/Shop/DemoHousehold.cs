namespace Palate.Simulation;

/// <summary>
/// The words of the demo shop's home department; <see cref="DemoDepartment.Parse"/> says how they are written down.
/// </summary>
internal static class DemoHousehold
{
    public const string Words = """
        home | price 10-300 | colours white, cream, sage, terracotta, charcoal, navy, oak
        openers: A {noun} that settles in at once.; {maker} makes this {noun} in small runs.; \
          This {noun} earns its place.; \
          The {maker} {a} is a {noun} with good manners.; A quiet, useful {noun}.
        fillers: Easy to clean.; Delivered within two days.; Made from recycled material.; Comes in a flat box.; \
          Three-year guarantee.; Looks better with age.; Designed for small homes.; A favourite in our stores.; \
          Spare parts are sold separately.

        = coffee makers | coffee maker, coffee machine, brewer | 20-900
        makers: Brewhaven; Morgenrot; Casa Lenta; Ristretto Works; Copper & Crema; Oskar Home; Dripstone
        titles: {maker} {a} {noun}; {maker} {a} {n}; {maker} {a} {kind} {noun}
        a: Classica; Ember; Slow Drip; Uno; Barista; Dawn; Presto
        kind! < | An honest {x} machine.; It works as a {x} brewer. | espresso=espresso,pump-driven \
          | filter=filter,drip,pour-over \
          | capsule=capsule,pod | press=french press,plunger
        use for | Right for {x}.; It suits {x}. | one=one person,a single cup | office=the office,a thirsty team \
          | family=families,brunch with guests
        extra with | Comes with {x}.; It has {x}. | grinder=a built-in grinder,fresh bean grinding \
          | milk=a milk frother,a steam wand \
          | timer=a timer,coffee ready when you wake

        = lamps | lamp, light, luminaire | 12-320
        makers: Lichtung; Oskar Home; Glowfield; Hallstrom; Paper Moon; Studio Alba; Fen & Fir
        titles: {maker} {a} {noun}; {maker} {a} {spot} {noun}; {maker} {a} {noun} with {mood}
        a: Arc; Pebble; Moth; Tripod; Halo; Lantern; Stem; Dune
        spot! < | A {x} model.; Designed as a {x} light. | desk=desk,table,bedside | floor=floor,standing \
          | ceiling=ceiling,pendant,hanging
        mood with | It glows with {x}.; Gives you {x}. | warm=warm light,a cosy glow,candle tones \
          | bright=bright daylight,work light,crisp white light | colour=colour scenes,party colours
        extra with | Comes with {x}.; Features {x}. | dim=a dimmer,stepless brightness \
          | smart=app control,voice control,smart home support \
          | usb=a charging port,wireless phone charging

        = bedding | bedding set, duvet cover, bed linen set | 18-260
        makers: Nordic Nest; Linnea; Casa Lenta; Cloudfield; Fen & Fir; Halm; Sleepwell Mills
        titles: {maker} {a} {noun}; {maker} {a} {cloth} {noun}; {maker} {a} {noun} for {size}
        a: Drift; Meadow; Hush; Tide; Feather; Solstice; Plain
        cloth! < | Woven from {x} fabric.; The cloth is {x}. | cotton=cotton,percale | linen=linen,stonewashed flax \
          | satin=satin,silky | flannel=flannel,brushed
        season for | Good for {x}.; Made for {x}. | summer=hot nights,summer,warm sleepers \
          | winter=cold nights,winter,people who freeze \
          | all=all seasons,year-round use
        size! for | It fits {x}.; Cut for {x}. | single=single beds,one sleeper | double=double beds,couples
        care < | It is {x}.; Made to be {x}. | allergy=hypoallergenic,kind to allergies | organic=organic,chemical-free

        = cookware | piece of cookware, frying pan, cooking pot | 14-340
        makers: Ironwood; Casa Lenta; Brasa; Copper & Crema; Oskar Home; Stahlhaus; Pan & Sons
        titles: {maker} {a} {noun}; {maker} {a} {metal} {noun}; {maker} {n} {a} {noun}
        a: Heritage; Daily; Chef; Ember; Rondo; Sear; Village
        metal! < | A solid {x} body.; It is {x}. | iron=cast-iron,enamelled iron | steel=stainless steel,tri-ply \
          | copper=copper,hammered copper \
          | stick=non-stick,ceramic-coated
        use for | Excels at {x}.; Take it for {x}. | sear=searing steak,high heat | stew=stews,slow braises,soups \
          | eggs=eggs and pancakes,gentle frying | bake=baking bread,oven dishes
        hob with | Works with {x}.; It gets along with {x}. | induction=induction hobs,every stove \
          | gas=gas flames,campfires

        = vacuum cleaners | vacuum cleaner, hoover, vacuum | 45-720
        makers: Whirlo; Stahlhaus; Airline Home; Dustin & Daughters; Brightwave; Tidy Fox
        titles: {maker} {a} {noun}; {maker} {a} {n}; {maker} {a} {kind} {noun}
        a: Cyclone; Feather; Silent; Glide; Max; Corner; Turbo
        kind! < | A {x} type.; Of the {x} kind. | robot=robot,self-driving,automatic \
          | stick=cordless stick,battery-powered,wireless \
          | canister=canister,corded,plug-in
        use for | Strong on {x}.; Made for {x}. | pets=pet hair,dogs and cats | floors=hard floors,tiles and wood \
          | carpet=carpets,deep pile | car=cars,stairs and corners
        extra with | It has {x}.; Comes with {x}. | quiet=a quiet motor,a whisper mode \
          | hepa=a HEPA filter,a filter for allergy sufferers \
          | dock=an emptying dock,a self-cleaning station
        """;
}
