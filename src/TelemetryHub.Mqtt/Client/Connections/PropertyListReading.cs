using System.Text;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>Properties as the types of the client's API.</summary>
internal static class PropertyListReading
{
    public static string? Text(this PropertyList list, PropertyId id) =>
        list.TryGetBytes(id, out var utf8) ? Encoding.UTF8.GetString(utf8) : null;

    public static uint Number(this PropertyList list, PropertyId id, uint otherwise) =>
        list.TryGetNumber(id, out var number) ? number : otherwise;

    public static bool Flag(this PropertyList list, PropertyId id) => list.Number(id, 1) == 1;

    public static IReadOnlyList<UserProperty> UserProperties(this PropertyList list)
    {
        List<UserProperty>? found = null;
        foreach (var property in list)
        {
            if (property.Id == PropertyId.UserProperty)
                (found ??= []).Add(new UserProperty(Encoding.UTF8.GetString(property.Bytes), Encoding.UTF8.GetString(property.Value)));
        }
        return found is null ? [] : found;
    }

    public static void AddUserProperties(this ref PropertyWriter writer, IReadOnlyList<UserProperty> properties)
    {
        foreach (var (name, value) in properties)
            writer.UserProperty(WireText.Encode(name, nameof(properties)), WireText.Encode(value, nameof(properties)));
    }
}
