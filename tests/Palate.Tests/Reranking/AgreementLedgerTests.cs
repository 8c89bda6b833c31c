namespace Palate.Tests;

public sealed class AgreementLedgerTests
{
    [Fact]
    public void What_was_recorded_comes_back_from_a_file()
    {
        var ledger = new AgreementLedger();
        ledger.Record("warm", new Agreement(0.5, 0.8));
        ledger.Record("warm", new Agreement(0.5, 0.6));
        ledger.Record("cold-query", new Agreement(0, 0.1));

        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        ledger.Save(writer);
        memory.Position = 0;
        var loaded = AgreementLedger.Load(new BinaryReader(memory), new AgreementOptions { MinRequests = 2 });

        Assert.Equal(ledger.Of("warm"), loaded.Of("warm"));
        Assert.Equal((1, 0.1), loaded.Of("cold-query"));
        Assert.Null(loaded.Objection("warm"));
        Assert.Contains("compared", loaded.Objection("cold-query"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_an_error()
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        new AgreementLedger().Save(writer);
        byte[] bytes = memory.ToArray();
        bytes[^1] ^= 1;

        Assert.Throws<InvalidDataException>(() => AgreementLedger.Load(new BinaryReader(new MemoryStream(bytes))));
    }
}
