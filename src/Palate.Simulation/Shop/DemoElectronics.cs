namespace Palate.Simulation;

/// <summary>
/// The words of the demo shop's electronics; <see cref="DemoDepartment.Parse"/> says how they are written down.
/// </summary>
internal static class DemoElectronics
{
    public const string Words = """
        electronics | price 15-400 | colours black, white, silver, graphite, blue, sand
        openers: The {maker} {a} is a {noun} that does its job.; A {noun} for people who hate manuals.; \
          {maker} reworked its popular {noun}.; This {noun} feels sturdy in the hand.; A sensible {noun} from {maker}.
        fillers: Two-year warranty.; A charger is in the box.; Firmware updates come over the air.; \
          Packed without plastic.; \
          Spare parts are available for seven years.; Set up in five minutes.; Works with phones and desktops.; \
          A quick-start card replaces the manual.; Tested in our own lab.

        = headsets | headset, headphone set, over-ear headset | 25-280
        makers: Sonavo; Klarton; Brightwave; Ohmbird; Talkio; Nordhal; Aurivo; Peakline
        titles: {maker} {a} {n} {noun}; {maker} {a} {noun}, {link}; {maker} {n} {a} Headset
        a: Talk; Studio; Focus; Cloud; Pulse; Voice; Drift; Office
        link! < | A {x} design.; The connection is {x}.; It stays {x} all day. \
          | wireless=wireless,bluetooth,cordless | wired=wired,plug-in,cable-bound
        use for | Made for {x}.; People pick it for {x}.; Best suited for {x}. \
          | calls=zoom calls,video meetings,conference calls,online meetings \
          | gaming=gaming,esports,late-night matches \
          | music=music,long listening,hi-fi sound | travel=travel,flights,commuting
        extra with | Comes with {x}.; You get {x}. | anc=noise cancelling,active noise reduction,ANC \
          | mic=a clear boom microphone,a mic that filters keyboard noise \
          | battery=a 40-hour battery,all-week battery life

        = laptops | laptop, notebook computer, portable PC | 250-2400
        makers: Veloce; Tamarack; Lumenix; Corewell; Nordhal; Hexa; Papyr; Astrid Systems
        titles: {maker} {a} {n}; {maker} {a} {n} {noun}; {maker} {a} {n} with {screen}
        a: Air; Slate; Forge; Scholar; Nomad; Vertex; Flow
        use for | Built for {x}.; A match for {x}. | study=students,lectures and essays,school \
          | work=office work,spreadsheets,business | games=gaming,3D games \
          | create=video editing,photo work,creative work
        weight < | A {x} machine.; It is {x}. | light=lightweight,thin,ultraportable \
          | power=powerful,high-performance,fast
        screen! with | It has {x}.; Equipped with {x}. | small=a 13-inch screen,a compact display \
          | large=a 16-inch screen,a large display | touch=a touchscreen,a fold-over touch display
        power with | Expect {x}.; Offers {x}. | battery=all-day battery,18 hours unplugged \
          | fast=quick charging,80 percent in 30 minutes

        = smart watches | smart watch, fitness watch, connected watch | 40-520
        makers: Pulsar & Finch; Tempora; Brightwave; Stridewell; Aurivo; Kinetia; Nordhal
        titles: {maker} {a} {n}; {maker} {a} {noun}; {maker} {a}, {size}
        a: Loop; Orbit; Pace; Meridian; Vital; Summit; Tide
        use for | Tracks everything for {x}.; Tuned for {x}. | run=runners,marathon training,interval runs \
          | swim=swimmers,open water,lap counting | health=health tracking,sleep and heart rate,wellness \
          | hike=hikers,mountain days,navigation off the grid
        size! < | In a {x} case.; The case is {x}. | slim=slim,small,featherlight | rugged=rugged,shockproof,tough
        extra with | Includes {x}.; It offers {x}. | gps=built-in GPS,route recording \
          | pay=contactless payment,tap to pay \
          | battery=two weeks of battery,long battery life

        = speakers | speaker, bluetooth speaker, sound box | 20-450
        makers: Sonavo; Klarton; Ohmbird; Hallstrom; Aurivo; Timbre & Sons; Peakline
        titles: {maker} {a} {noun}; {maker} {a} {n}; {maker} {a} {n}, {body}
        a: Boom; Room; Pebble; Terrace; Duet; Hearth; Echo Bay
        use for | Perfect for {x}.; Voiced for {x}. | party=parties,dancing,big rooms \
          | outdoor=the garden,camping,the beach \
          | home=the living room,quiet listening,film nights | desk=the desk,a home office
        body! < | A {x} body.; The housing is {x}. | proof=waterproof,splash-proof,weatherproof \
          | wood=wooden,walnut,oak \
          | mini=pocket-sized,tiny,compact
        sound with | It plays with {x}.; Expect {x}. | bass=deep bass,a strong low end \
          | clear=clear voices,crisp highs \
          | stereo=stereo pairing,two-speaker mode

        = cameras | camera, digital camera, photo camera | 90-1900
        makers: Lumenix; Optiko; Hallstrom; Fieldglass; Astrid Systems; Verité; Nordhal
        titles: {maker} {a} {n}; {maker} {a} {n} {noun}; {maker} {a} {kind} {noun}
        a: Iris; Aperture; Scout; Reverie; Prisma; Trail
        kind! < | A {x} model.; Of the {x} type. | mirrorless=mirrorless,interchangeable-lens \
          | compact=compact,point-and-shoot \
          | action=action,helmet-mount,ruggedised | instant=instant,print-on-the-spot
        use for | At home in {x}.; Chosen for {x}. | travel=travel,street photos,holidays \
          | video=vlogging,video,streaming \
          | wild=wildlife,birds,safari | family=family parties,kids,birthdays
        extra with | Comes with {x}.; It has {x}. | stable=image stabilisation,a steady sensor \
          | zoom=a long zoom,30x zoom \
          | dark=good low-light shots,night mode

        = keyboards | keyboard, desktop keyboard, typing board | 15-230
        makers: Keyfold; Hexa; Papyr; Clackworks; Talkio; Tamarack; Veloce
        titles: {maker} {a} {noun}; {maker} {a} {n}; {maker} {a} {link} {noun}
        a: Type; Quill; Tactile; Ledger; Nimbus; Sixty; Atlas
        link! < | It is {x}.; The connection is {x}. | wireless=wireless,bluetooth,cordless \
          | wired=wired,usb-c,cable-bound
        keys with | It has {x}.; Type on {x}. | mechanical=mechanical switches,clicky keys \
          | quiet=silent keys,a hushed stroke \
          | ergo=an ergonomic split,a wrist-friendly layout
        use for | Great for {x}.; Made for {x}. | office=office typing,writers,long reports \
          | games=gaming,fast reactions \
          | tablet=tablets,travel,small bags
        """;
}
