using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Tests.Topics;

public class Utf8ComparerTests
{
    [Fact]
    public void A_dictionary_of_byte_arrays_is_asked_with_a_span()
    {
        var map = new Dictionary<byte[], int>(Utf8Comparer.Instance) { ["abc"u8.ToArray()] = 1 };
        var lookup = map.GetAlternateLookup<ReadOnlySpan<byte>>();
        lookup["abc"u8].ShouldBe(1);
        lookup.TryAdd("abcd"u8, 2).ShouldBeTrue();
        map["abcd"u8.ToArray()].ShouldBe(2);
        lookup.ContainsKey("ab"u8).ShouldBeFalse();
    }

    [Fact]
    public void Equal_bytes_hash_alike_and_the_odd_last_byte_counts()
    {
        var comparer = Utf8Comparer.Instance;
        comparer.GetHashCode("abc"u8.ToArray()).ShouldBe(comparer.GetHashCode("abc"u8));
        comparer.GetHashCode("abc"u8).ShouldNotBe(comparer.GetHashCode("abd"u8));
        comparer.GetHashCode("ab\0"u8).ShouldNotBe(comparer.GetHashCode("ab"u8));
        comparer.Equals(null, null).ShouldBeTrue();
        comparer.Equals(null, []).ShouldBeFalse();
    }
}
