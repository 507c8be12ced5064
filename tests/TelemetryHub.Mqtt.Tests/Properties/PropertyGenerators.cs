using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Tests.Properties;

/// <summary>Valid property lists, as bytes without their length prefix.</summary>
internal static class PropertyGenerators
{
    public static Gen<byte[]> Text { get; } =
        from parts in Gen.Elements("a", "Z", "/", " ", "$", "é", "温", "😀", "\u0001", "\uFFFF").ListOf()
        select System.Text.Encoding.UTF8.GetBytes(string.Concat(parts));

    public static Gen<byte[]> Binary { get; } =
        from bytes in Gen.Choose(0, 255).ListOf()
        select bytes.Select(b => (byte)b).ToArray();

    private static readonly Gen<uint> Number =
        Gen.Elements(1u, 2u, 127u, 128u, 16_383u, 16_384u, 65_535u, 65_536u, 268_435_455u, uint.MaxValue);

    /// <summary>Any subset of what the scope allows, in any order, with every repetition that is allowed.</summary>
    public static Gen<byte[]> In(PropertyScope scope) =>
        from lists in Gen.CollectToArray(PropertyTable.Rows.Where(row => row.Scopes.Contains(scope)), row => Some(row, scope))
        let all = WithoutOrphanedAuthData(lists)
        from shuffled in Gen.Shuffle(all)
        select shuffled.SelectMany(bytes => bytes).ToArray();

    public static Gen<byte[]> Encoded(PropertyTable.Row row) =>
        from number in Number
        from name in Text
        from value in row.Form == PropertyTable.Form.Binary ? Binary : Text
        select Encode(row, number, name, value);

    private static byte[] Encode(PropertyTable.Row row, uint number, byte[] name, byte[] value)
    {
        using var writer = new PropertyWriter(stackalloc byte[8]);
        switch (row.Form)
        {
            case PropertyTable.Form.Flag:
                writer.Number(row.Id, number & 1);
                break;
            case PropertyTable.Form.Two:
                writer.Number(row.Id, Math.Max(number & 0xFFFF, row.Min));
                break;
            case PropertyTable.Form.Four:
                writer.Number(row.Id, number);
                break;
            case PropertyTable.Form.Variable:
                writer.Number(row.Id, Math.Min(number, 268_435_455));
                break;
            case PropertyTable.Form.Pair:
                writer.UserProperty(name, value);
                break;
            default:
                writer.Text(row.Id, row.Id == PropertyId.ResponseTopic ? [.. name, (byte)'r'] : value);
                break;
        }

        return writer.Written.ToArray();
    }

    private static Gen<byte[][]> Some(PropertyTable.Row row, PropertyScope scope)
    {
        var repeats = row.Id == PropertyId.UserProperty || (row.Id == PropertyId.SubscriptionIdentifier && scope == PropertyScope.Publish);
        return
            from count in Gen.Choose(0, repeats ? 3 : 1)
            from encoded in Encoded(row).ArrayOf(count)
            select encoded;
    }

    private static byte[][] WithoutOrphanedAuthData(byte[][][] lists)
    {
        var all = lists.SelectMany(list => list).ToArray();
        var hasMethod = all.Any(bytes => bytes[0] == (byte)PropertyId.AuthenticationMethod);
        return hasMethod ? all : [.. all.Where(bytes => bytes[0] != (byte)PropertyId.AuthenticationData)];
    }
}
