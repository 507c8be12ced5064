using TelemetryHub.Broker.Recovery;
using TelemetryHub.Broker.Tests.Harness;

namespace TelemetryHub.Broker.Tests.Recovery;

public class DamagedRecordTests
{
    [Fact]
    public void Whatever_the_bytes_are_nothing_but_InvalidDataException_comes_of_them()
    {
        var random = new Random(4711);
        var samples = new RandomHistory(seed: 1, steps: 1500).Log.Records();
        var image = new SessionsImage();
        for (var i = 0; i < 200_000; i++)
            Try(() => image.Apply(Damage(random, samples)));
        NaiveSessions.Describe(image); // everything can still be walked through
    }

    [Fact]
    public void A_damaged_snapshot_is_an_InvalidDataException_or_read()
    {
        var random = new Random(4711);
        var blocks = Enumerable.Range(0, 20).SelectMany(seed => BlocksOf(new RandomHistory(seed, 60))).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var image = new SessionsImage();
            Try(() => image.Read(Damage(random, blocks)));
            NaiveSessions.Describe(image);
        }
    }

    [Fact]
    public void A_record_that_is_cut_short_is_never_taken_for_a_whole_one_with_other_numbers()
    {
        foreach (var record in new RandomHistory(seed: 2, steps: 500).Log.Records())
        {
            // Payloads and filters go to the end of their record; the journal's frame knows where that is.
            if ((SessionRecordKind)record[0] is SessionRecordKind.Unsubscribed or SessionRecordKind.Delivered)
                continue;
            for (var length = 0; length < record.Length; length++)
                Should.Throw<InvalidDataException>(() => new SessionsImage().Apply(record.AsSpan(0, length)));
        }
    }

    [Fact]
    public void What_belongs_into_a_snapshot_is_not_taken_from_the_log()
    {
        foreach (var kind in (SessionRecordKind[])[SessionRecordKind.Numbered, SessionRecordKind.Progressed, SessionRecordKind.PublishReceived, SessionRecordKind.Routed])
            Should.Throw<InvalidDataException>(() => new SessionsImage().Apply([(byte)kind, 1, 1, 1]));
    }

    [Fact]
    public void A_snapshot_of_a_later_version_is_refused()
    {
        var block = BlocksOf(new RandomHistory(seed: 1, steps: 10))[0];
        block[0]++;
        Should.Throw<InvalidDataException>(() => new SessionsImage().Read(block));
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (InvalidDataException)
        {
            // what is to be expected
        }
    }

    private static byte[][] BlocksOf(RandomHistory history)
    {
        var image = new SessionsImage();
        history.Log.Replay(image);
        var blocks = new List<byte[]>();
        image.Write(block => blocks.Add(block.ToArray()));
        return [.. blocks];
    }

    private static byte[] Damage(Random random, byte[][] samples)
    {
        var bytes = samples[random.Next(samples.Length)].ToList();
        for (var wounds = random.Next(4); wounds > 0; wounds--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)0xFF, random.Next(1, 10)));
                    break;
                case 4:
                    bytes.InsertRange(at, samples[random.Next(samples.Length)]);
                    break;
            }
        }
        return [.. bytes];
    }
}
