using System.Buffers.Binary;
using FsCheck.Fluent;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Tests.Properties;

public class PropertyReaderTests
{
    public static TheoryData<PropertyScope> Scopes => new(Enum.GetValues<PropertyScope>());

    [Theory]
    [MemberData(nameof(Scopes))]
    public void A_property_is_taken_where_the_specification_allows_it_and_nowhere_else(PropertyScope scope)
    {
        foreach (var row in PropertyTable.Rows.Where(row => row.Id != PropertyId.AuthenticationData))
        {
            var encoded = PropertyGenerators.Encoded(row).Sample(1, 5).Single();
            var expected = row.Scopes.Contains(scope) ? ProtocolFault.None : ProtocolFault.PropertyNotAllowed;
            Read(scope, encoded).ShouldBe(expected, row.Id.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Scopes))]
    public void Only_user_properties_and_the_subscription_ids_of_a_publish_may_repeat(PropertyScope scope)
    {
        foreach (var row in PropertyTable.Rows.Where(row => row.Scopes.Contains(scope) && row.Id != PropertyId.AuthenticationData))
        {
            var encoded = PropertyGenerators.Encoded(row).Sample(1, 5).Single();
            var expected = (row.Id, scope) is (PropertyId.UserProperty, _) or (PropertyId.SubscriptionIdentifier, PropertyScope.Publish)
                ? ProtocolFault.None
                : ProtocolFault.DuplicateProperty;
            Read(scope, [.. encoded, .. encoded]).ShouldBe(expected, row.Id.ToString());
        }
    }

    [Fact]
    public void Every_id_that_the_specification_does_not_name_is_unknown()
    {
        var known = PropertyTable.Rows.Select(row => (byte)row.Id).ToHashSet();
        known.Count.ShouldBe(27);
        for (var id = 0; id < 256; id++)
        {
            if (!known.Contains((byte)id))
                Read(PropertyScope.Connect, [(byte)id, 0, 0]).ShouldBe(ProtocolFault.UnknownProperty, id.ToString());
        }
    }

    [Fact]
    public void A_list_that_ends_inside_a_property_has_the_wrong_length()
    {
        foreach (var row in PropertyTable.Rows)
        {
            var encoded = PropertyGenerators.Encoded(row).Sample(1, 5).Single();
            for (var length = 1; length < encoded.Length; length++)
                Read(row.Scopes[0], encoded[..length]).ShouldBe(ProtocolFault.MalformedPropertyLength, row.Id.ToString());
        }
    }

    [Fact]
    public void Numbers_outside_their_range_are_refused()
    {
        foreach (var row in PropertyTable.Rows.Where(row => row.Min > 0 && row.Id != PropertyId.TopicAlias))
        {
            byte[] zero = row.Form switch
            {
                PropertyTable.Form.Two => [(byte)row.Id, 0, 0],
                PropertyTable.Form.Four => [(byte)row.Id, 0, 0, 0, 0],
                _ => [(byte)row.Id, 0],
            };
            Read(row.Scopes[0], zero).ShouldBe(ProtocolFault.PropertyOutOfRange, row.Id.ToString());
        }

        foreach (var row in PropertyTable.Rows.Where(row => row.Form == PropertyTable.Form.Flag))
            Read(row.Scopes[0], [(byte)row.Id, 2]).ShouldBe(ProtocolFault.PropertyOutOfRange, row.Id.ToString());
    }

    [Fact]
    public void Text_must_be_utf8_without_nul_and_binary_data_need_not()
    {
        foreach (var row in PropertyTable.Rows.Where(row => row.Form == PropertyTable.Form.Text))
        {
            Read(row.Scopes[0], [(byte)row.Id, 0, 1, 0xFF]).ShouldBe(ProtocolFault.InvalidUtf8, row.Id.ToString());
            Read(row.Scopes[0], [(byte)row.Id, 0, 1, 0x00]).ShouldBe(ProtocolFault.InvalidUtf8, row.Id.ToString());
        }

        Read(PropertyScope.PubAck, [0x26, 0, 1, 0xFF, 0, 0]).ShouldBe(ProtocolFault.InvalidUtf8);
        Read(PropertyScope.PubAck, [0x26, 0, 0, 0, 1, 0x00]).ShouldBe(ProtocolFault.InvalidUtf8);
        Read(PropertyScope.Publish, [0x09, 0, 2, 0xFF, 0x00]).ShouldBe(ProtocolFault.None);
    }

    [Fact]
    public void What_follows_the_properties_is_left()
    {
        ReadOnlySpan<byte> rest = [0x02, 0x01, 0x01, 0xAA, 0xBB];
        PropertyReader.TryRead(ref rest, PropertyScope.Publish, out var list).ShouldBe(ProtocolFault.None);
        rest.SequenceEqual((byte[])[0xAA, 0xBB]).ShouldBeTrue();
        list.TryGetNumber(PropertyId.PayloadFormatIndicator, out var number).ShouldBeTrue();
        number.ShouldBe(1u);
        list.TryGetBytes(PropertyId.ContentType, out _).ShouldBeFalse();
    }

    private static ProtocolFault Read(PropertyScope scope, byte[] raw)
    {
        var bytes = new byte[raw.Length + 2];
        var prefix = raw.Length < 128 ? 1 : 2;
        if (prefix == 1)
            bytes[0] = (byte)raw.Length;
        else
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(raw.Length & 0x7F | 0x80 | raw.Length >> 7 << 8));
        raw.CopyTo(bytes, prefix);
        ReadOnlySpan<byte> rest = bytes.AsSpan(0, prefix + raw.Length);
        var fault = PropertyReader.TryRead(ref rest, scope, out _);
        rest.IsEmpty.ShouldBeTrue();
        return fault;
    }
}
