using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace TelemetryHub.Server.Tests.Architecture;

/// <summary>What a built assembly refers to, read from its metadata: the compiler writes down only what is really used.</summary>
internal sealed class AssemblyContents
{
    private AssemblyContents(MetadataReader metadata)
    {
        References = [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        UsedTypes = [.. metadata.TypeReferences.Select(metadata.GetTypeReference).Select(type => Used(metadata, type))];
        Enums =
        [
            .. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
                .Where(type => IsEnum(metadata, type))
                .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}"),
        ];
    }

    /// <summary>Names of the assemblies used.</summary>
    public List<string> References { get; }

    /// <summary>Types of other assemblies that are used.</summary>
    public List<(string Assembly, string Namespace, string Name)> UsedTypes { get; }

    /// <summary>Full names of the enumerations in it.</summary>
    public HashSet<string> Enums { get; }

    public static AssemblyContents Of(string name)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, name + ".dll")));
        return new AssemblyContents(file.GetMetadataReader());
    }

    private static (string Assembly, string Namespace, string Name) Used(MetadataReader metadata, TypeReference type)
    {
        // A nested type stands in its outer type, which names assembly and namespace.
        while (type.ResolutionScope.Kind == HandleKind.TypeReference)
            type = metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);

        var assembly = type.ResolutionScope.Kind == HandleKind.AssemblyReference
            ? metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name)
            : "";
        return (assembly, metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    private static bool IsEnum(MetadataReader metadata, TypeDefinition type)
    {
        if (type.BaseType.Kind != HandleKind.TypeReference)
            return false;

        var parent = metadata.GetTypeReference((TypeReferenceHandle)type.BaseType);
        return metadata.GetString(parent.Namespace) == "System" && metadata.GetString(parent.Name) == "Enum";
    }
}
