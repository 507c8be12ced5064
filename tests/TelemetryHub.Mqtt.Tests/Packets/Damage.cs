namespace TelemetryHub.Mqtt.Tests.Packets;

/// <summary>What happens to packets on their way from somebody who means harm.</summary>
internal static class Damage
{
    private static readonly byte[] Interesting = [0x00, 0x01, 0x7F, 0x80, 0xC0, 0xED, 0xFE, 0xFF, .. "+#$/"u8];

    public static byte[] Apply(Random random, byte[][] samples)
    {
        var bytes = Pick(random, samples).ToList();
        for (var wounds = random.Next(1, 5); wounds > 0; wounds--)
            Wound(random, bytes, samples);
        return [.. bytes];
    }

    private static byte[] Pick(Random random, byte[][] samples) => samples[random.Next(samples.Length)];

    private static void Wound(Random random, List<byte> bytes, byte[][] samples)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = Interesting[random.Next(Interesting.Length)];
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.AddRange(Pick(random, samples));
                break;
            case 4:
                bytes.InsertRange(at, Pick(random, samples));
                break;
            case 5:
                bytes.Insert(at, (byte)random.Next(256));
                break;
            case 6 when at < bytes.Count:
                bytes.RemoveAt(at);
                break;
            case 7 when bytes.Count > 1:
                // A length bomb: the remaining length says far more, or far longer, than there is.
                bytes.RemoveAt(1);
                bytes.InsertRange(1, (byte[])[0xFF, 0xFF, 0xFF, (byte)random.Next(256)]);
                break;
            case 8 when bytes.Count > 1 && bytes.Count < 130:
                // The right remaining length again, so that the damage reaches the packet's own reader.
                bytes[1] = (byte)(bytes.Count - 2);
                break;
        }
    }
}
