using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TelemetryHub.Server.Configuration.Kinds;

/// <summary>A whole number.</summary>
public sealed class NumberKind : ValueKind
{
    /// <inheritdoc/>
    public override string Name => "number";

    /// <inheritdoc/>
    public override bool TryParse(string text, [NotNullWhen(true)] out object? value, [NotNullWhen(false)] out string? problem)
    {
        var read = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        (value, problem) = read ? (number, null) : ((object?)null, "is not a whole number");
        return read;
    }

    /// <inheritdoc/>
    public override string Write(object value) => ((int)value).ToString(CultureInfo.InvariantCulture);
}
