namespace Palate.Simulation;

/// <summary>
/// The words of the demo shop's books; <see cref="DemoDepartment.Parse"/> says how they are written down.
/// </summary>
internal static class DemoBooks
{
    public const string Words = """
        books | price 3-34 | colours
        openers: {maker} tells this {noun} with a sure hand.; A {noun} that readers finish in a weekend.; \
          The new {noun} by {maker}.; {maker} has written a {noun} for slow evenings.; \
          One more {noun} from a loved voice.
        fillers: Includes a letter from the author.; Third printing, corrected.; Chosen by three reading circles.; \
          Suits readers who liked the earlier volumes.; Clear type and short chapters.; A map is on the first page.; \
          With questions for a reading group.; Reviewed warmly by librarians.; A good gift, also for oneself.
        format! s | Comes as a {x}.; This is the {x}.; Sold as a {x}. \
          | ebook=ebook,e-book,digital edition | paperback=paperback,softcover \
          | hardcover=hardcover,hardback | audiobook=audiobook,audio edition,listening edition
        length! < | A {x} read.; It is {x}. | short=short,brief,quick | long=long,epic-length,unhurried

        = mystery | mystery, detective novel, whodunit
        makers: Agnes Holloway; Tobias Crane; Mirela Vance; Edith Sorrel; Paul Okafor; Nora Lindqvist; \
          Silas Penhale; Ines Duarte
        titles: The {a} {b}; Death at {c}; The {b} of {c}; A {b} Before Dawn; {c} Keeps a {b}
        a: Silent; Crooked; Borrowed; Missing; Velvet; Tin; Midnight; Second; Hollow; Locked
        b: Bookseller; Clockmaker; Teapot; Witness; Ferryman; Alibi; Candle; Orchard Key; Secret; Lodger; \
          Beekeeper; Letter
        c: Thornbury Hall; Gull Cove; Mill Street; Saint Alder; Heron Bridge; Wickham Green; Platform Nine; Larch House
        mood < | It is {x} all the way.; Expect a {x} tone.; Readers call it {x}. \
          | cozy=cozy,gentle,feel-good | noir=noir,gritty,hard-boiled | tense=nail-biting,suspenseful,tense
        place set in | The case unfolds in {x}.; It plays in {x}. \
          | village=a small village,the countryside,a sleepy hamlet | city=a rainy city,the big city,back alleys \
          | sea=a harbour town,a lighthouse,the seaside
        hero with | At its heart stands {x}.; The riddle falls to {x}. \
          | amateur=an amateur sleuth,a nosy neighbour,a retired teacher | police=a police inspector,a weary detective \
          | cat=a clever cat,a cat that finds clues

        = science fiction | science fiction novel, space story, sci-fi book
        makers: Ada Ferro; Kwame Lindt; Yuki Tanabe; Rosa Ilić; Orson Blay; Hana Petrov; Cai Morgan; Lev Aranda
        titles: {a} of {c}; The {a} {b}; {b} Nine; Beyond {c}; The Last {b}
        a: Children; Echoes; Glass; Burning; Distant; Copper; Seventh; Weightless; Machines
        b: Orbit; Archive; Signal; Engine; Colony; Horizon; Algorithm; Harvest; Meridian
        c: Tau Ceti; the Long Dark; Europa; New Carthage; the Rust Belt Moons; Station Iris; Quiet Stars
        mood < | A {x} vision.; The tone is {x}. | hopeful=hopeful,optimistic,solarpunk \
          | dark=bleak,dystopian,dark | funny=funny,satirical,tongue-in-cheek
        theme about | It is about {x}.; At its core: {x}. | robots=robots,thinking machines,artificial minds \
          | aliens=first contact,alien life,visitors from afar | time=time travel,loops in time,a journey through time
        science with | Built on {x}.; Told with {x}. | hard=hard science,real physics | soft=big emotions,a human focus

        = romance | romance, love story, romantic novel
        makers: Clara Whitlock; Sofia Marchetti; Jade Harlow; Amelie Roux; Tessa Byrne; Dario Silva; Priya Nair; \
          Elin Strand
        titles: {a} in {c}; The {b} Agreement; Falling for the {b}; Love and {a}; A {b} for {c}
        a: Summer; Second Chances; Rain; Lemon Season; Snowfall; Old Letters; Wild Roses; Promises
        b: Baker; Florist; Neighbour; Pilot; Rival; Vet; Violinist; Duke; Best Man
        c: Lisbon; Honey Lane; the Highlands; Cedar Falls; Provence; Maple Harbor; Tuscany
        mood < | Sweetly {x}.; A {x} read. | funny=funny,witty,laugh-out-loud | steamy=steamy,passionate,sensual \
          | sweet=heart-warming,sweet,tender
        plot with | The story runs on {x}.; It has {x}. | enemies=rivals who fall in love,an enemies-to-lovers plot \
          | friends=old friends who become more,a friends-to-lovers plot | fake=a pretend engagement,a fake relationship
        age set in | It is set in {x}.; The pages take you to {x}. \
          | past=the regency years,a historical court,the past \
          | today=a modern city,the present day | small=a small town,a place where all know each other

        = cookbooks | cookbook, recipe book, kitchen guide
        makers: Marta Olsen; Leila Haddad; Gianni Forte; Mei Song; Ruth Abara; Pablo Quintero; Anneli Koski; Vikram Rao
        titles: {a} {b}; The {a} Table; {b} for {c}; {c} {b}; Simply {a}
        a: Green; Slow; Golden; Everyday; Rustic; Fifteen-Minute; One-Pot; Fermented
        b: Kitchen; Suppers; Bread; Plates; Feasts; Bowls; Breakfasts; Noodles
        c: Weeknights; Sundays; Two; Beginners; Small Kitchens; Friends; Winter
        diet < | All recipes are {x}.; Strictly {x}. | vegan=vegan,plant-based,dairy-free \
          | vegetarian=vegetarian,meatless \
          | meat=hearty,meat-loving,barbecue
        region about | It explores {x}.; The flavours come from {x}. | italy=Italian cooking,pasta and risotto \
          | asia=East Asian food,noodles and dumplings | east=Middle Eastern food,mezze and flatbread \
          | north=Nordic food,rye and pickles
        skill for | Written for {x}.; It helps {x}. | beginner=beginners,first-time cooks,students \
          | expert=ambitious cooks,skilled home chefs | family=busy families,parents in a hurry

        = history | history book, account of the past, historical study
        makers: Henry Caldwell; Ottilie Brandt; Samir Khoury; Joan Prescott; Wen Zhao; Lucia Bianchi; Femi Adeyemi; \
          Igor Hale
        titles: The {a} {b}; {b} and {c}; A History of {c}; {c}: The {a} Years; How {c} Changed the World
        a: Forgotten; Golden; Restless; Iron; Quiet; Long; Turbulent; Paper
        b: Empire; Voyage; Treaty; Road; Siege; Ledger; Harbour; Crown
        c: Salt; the Silk Road; Venice; the Printing Press; Rails; Spice; the Vikings; Bronze
        era about | It covers {x}.; The subject is {x}. | ancient=antiquity,Rome and Greece,the ancient world \
          | medieval=the Middle Ages,knights and cathedrals | modern=the twentieth century,the world wars,the cold war
        style < | A {x} account.; The writing is {x}. | popular=lively,popular,easy-going \
          | academic=scholarly,academic,footnoted \
          | visual=richly illustrated,full-colour
        focus for | Meant for {x}.; It rewards {x}. | travellers=travellers,holiday readers \
          | students=students,exam takers \
          | buffs=history buffs,collectors of facts

        = children's books | children's book, picture book, bedtime story
        makers: Poppy Quill; Milo Hart; Greta Sommer; Ayo Bright; Lotte Maas; Finn Tully; Suri Patel; Otto Kranz
        titles: {a} and the {b}; Where Does the {b} Sleep?; {a} Goes to {c}; The {b} Who Loved {c}; Good Night, {b}
        a: Pip; Little Oona; Captain Moss; Mabel; Tiny Tom; Zuri; Benno; Grandpa Lou
        b: Bear; Snail; Moon; Dragon; Tractor; Owl; Whale; Fox; Hedgehog
        c: School; the Sea; the Market; Puddles; Space; the Forest; Pancakes
        years! for | Right for {x}.; Made for {x}. | toddlers=toddlers,ages one to three,the very young \
          | preschool=preschoolers,ages three to six,kindergarten \
          | readers=first readers,ages six to nine,schoolchildren
        theme about | A tale about {x}.; It tells of {x}. | animals=animals,furry friends,farm life \
          | feelings=feelings,courage,making friends | science=how things work,planets and machines,nature
        make with | With {x}.; It has {x}. | flaps=flaps to lift,pull tabs,pop-up pages \
          | rhyme=rhymes,verses to sing along \
          | big=big pictures,wordless spreads
        """;
}
