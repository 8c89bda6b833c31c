namespace Palate.Simulation;

/// <summary>
/// The words of the demo shop's sports goods; <see cref="DemoDepartment.Parse"/> says how they are written down.
/// </summary>
internal static class DemoSport
{
    public const string Words = """
        sport | price 10-300 | colours black, red, teal, yellow, grey, orange, navy
        openers: A {noun} that asks to be used.; {maker} tested this {noun} for a year.; \
          The {maker} {a} is a {noun} without fuss.; \
          This {noun} forgives mistakes.; A {noun} for every week of the year.
        fillers: Repair service for life.; Weighs less than the last model.; Reflective details.; \
          Carries the fair-work label.; \
          Dries overnight.; Comes with a bag.; Designed with club members.; Made to be mended.; \
          Size guide inside the box.

        = running shoes | running shoe, running trainer, jogging shoe | 45-240
        makers: Stridewell; Fleetfoot; Kinetia; Passo; Talaria; North Loop; Cadence
        titles: {maker} {a} {n}; {maker} {a} {noun}; {maker} {a} {ground} {noun}
        a: Tempo; Glide; Ridge; Feather; Distance; Spark; Cloudstep
        ground! < | A {x} sole.; Grip made for {x} running. | road=road,asphalt,city \
          | trail=trail,off-road,mountain | track=track,spiked
        feel with | You run with {x}.; It has {x}. | cushion=soft cushioning,a plush midsole \
          | light=a light racing feel,minimal weight \
          | support=arch support,stability for overpronation
        use for | Chosen for {x}.; Ideal for {x}. | start=beginners,the first five kilometres \
          | marathon=marathons,long distances \
          | wet=rain and mud,wet days

        = yoga mats | yoga mat, exercise mat, gym mat | 12-140
        makers: Lotus & Lime; Stillpoint; Kinetia; Halm; Prana Works; Fen & Fir
        titles: {maker} {a} {noun}; {maker} {a} {stuff} {noun}; {maker} {a} {n}
        a: Flow; Root; Balance; Sun; Calm; Lift
        stuff! < | A {x} mat.; The surface is {x}. | cork=cork,natural cork | rubber=rubber,natural rubber \
          | foam=foam,extra-soft
        use for | Well suited for {x}.; Bought for {x}. | yoga=yoga,sun salutations,vinyasa \
          | pilates=pilates,floor exercises \
          | travel=travel,folding into a bag | knees=sore knees,gentle training
        grip < | It is {x}.; Stays {x}. | grip=non-slip,grippy | thick=thick,double-layer | thin=thin,roll-up

        = tents | tent, camping tent, shelter | 60-780
        makers: Fjordic; North Loop; Basecamp Union; Larkfield; Summit & Sons; Wanderly
        titles: {maker} {a} {n}; {maker} {a} {noun}; {maker} {a} {noun} for {room}
        a: Drifter; Ridge; Aurora; Refuge; Lodge; Firefly; Tundra
        room! for | Room for {x}.; Sleeps {x}. | one=one person,solo trips | two=two people,couples \
          | family=families,four people and a dog
        season < | A {x} shelter.; It is {x}. | winter=four-season,snow-proof,storm-worthy | summer=airy,summer,festival
        weight < | A {x} construction.; The build is {x}. | light=ultralight,backpacking | big=roomy,stand-up \
          | quick=pop-up,quick-pitch
        extra with | Comes with {x}.; It has {x}. | porch=a porch,a covered entrance \
          | dark=blackout fabric,a dark bedroom

        = bike helmets | bike helmet, cycling helmet, cycle helmet | 20-260
        makers: Passo; Velo Nord; Cadence; Headway; Talaria; Ridgeback
        titles: {maker} {a} {noun}; {maker} {a} {n}; {maker} {a} {use} {noun}
        a: Dome; Breeze; Metro; Summit; Aero; Shell
        use! < | A {x} helmet.; A model of the {x} kind. | city=city,commuter,urban | road=road,racing \
          | mountain=mountain,trail \
          | kids=kids,children's
        safe with | Protects with {x}.; It has {x}. | mips=rotation protection,a slip liner \
          | light=a rear light,built-in lights \
          | visor=a visor,a sun peak
        fit < | It feels {x}.; A {x} build. | airy=well-ventilated,cool | light=lightweight,barely-there \
          | foldable=foldable,collapsible

        = dumbbells | dumbbell, hand weight, free weight | 10-420
        makers: Ironwood Gym; Kinetia; Forge & Form; Basecamp Union; Strongfield; Stillpoint
        titles: {maker} {a} {noun}; {maker} {a} {n}; {maker} {a} {kind} {noun}
        a: Hex; Core; Grip; Titan; Studio; Stack
        kind! < | A {x} design.; It is {x}. | adjust=adjustable,dial-a-weight,changeable | fixed=fixed,one-piece \
          | soft=neoprene,soft-coated,vinyl
        use for | Made for {x}.; Trusted for {x}. | home=a home gym,small flats \
          | strength=heavy lifting,strength training \
          | tone=toning,aerobics,light workouts | rehab=physiotherapy,recovery,seniors
        extra with | It has {x}.; Sold with {x}. | rack=a stand,a storage rack \
          | quiet=floor-friendly pads,quiet landings \
          | pair=a second piece,a matching pair
        """;
}
