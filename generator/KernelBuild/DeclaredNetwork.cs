using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Strata.Compiler.Declarations;
using Strata.CompilerServices;

namespace Strata.KernelBuild;

/// <summary>A network whose class is compiled and whose kernels are not.</summary>
/// <param name="Class">The full name of its class.</param>
/// <param name="Text">A <see cref="NetworkText"/>.</param>
internal sealed record DeclaredNetwork(string Class, string Text)
{
    /// <summary>The networks of an assembly, sorted by class. Its metadata is read; nothing of it runs.</summary>
    /// <exception cref="InvalidDataException">The file is no assembly.</exception>
    public static ImmutableArray<DeclaredNetwork> In(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        if (!image.HasMetadata)
        {
            throw new InvalidDataException($"{file} is no assembly.");
        }

        MetadataReader metadata = image.GetMetadataReader();
        return
        [
            .. metadata.GetAssemblyDefinition().GetCustomAttributes().Select(metadata.GetCustomAttribute)
                .Where(attribute => IsDeclaration(metadata, attribute)).Select(attribute => Read(metadata, attribute))
                .OrderBy(network => network.Class, System.StringComparer.Ordinal),
        ];
    }

    private static bool IsDeclaration(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference)
        {
            return false;
        }

        EntityHandle parent = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference)
        {
            return false;
        }

        TypeReference type = metadata.GetTypeReference((TypeReferenceHandle)parent);
        return metadata.StringComparer.Equals(type.Name, nameof(DeclaredNetworkAttribute))
            && metadata.StringComparer.Equals(type.Namespace, typeof(DeclaredNetworkAttribute).Namespace!);
    }

    /// <summary>Reads the two strings of the constructor.</summary>
    private static DeclaredNetwork Read(MetadataReader metadata, CustomAttribute attribute)
    {
        BlobReader blob = metadata.GetBlobReader(attribute.Value);
        const ushort Prolog = 1;
        return blob.ReadUInt16() == Prolog && blob.ReadSerializedString() is { } type && blob.ReadSerializedString() is { } text
            ? new DeclaredNetwork(type, text) : throw new InvalidDataException("The description of a network is damaged. Build again.");
    }
}
