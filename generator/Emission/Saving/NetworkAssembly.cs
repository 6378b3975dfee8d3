using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Strata.Compiler.Graph;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Strata.CompilerServices;

namespace Strata.Compiler.Emission;

/// <summary>
/// Assemblies with a compiled network: the methods that are otherwise made in memory, and a <see cref="SavedNetwork"/> as a resource.
/// </summary>
internal static class NetworkAssembly
{
    /// <summary>The only public type, by which others refer to the assembly.</summary>
    public const string MarkerNamespace = "Strata.CompilerServices", Marker = "CompiledKernels";

    private const int ResourceAlignment = 8;

    /// <summary>Compiles a network into an assembly.</summary>
    /// <param name="assemblyName">The assembly's name.</param>
    /// <param name="name">The network's name.</param>
    /// <param name="tiers">The tiers that the assembly is for.</param>
    /// <param name="trains">Whether the network can be trained, if it has losses.</param>
    /// <param name="limit">Counts the code; null to make any amount.</param>
    /// <param name="identity">The class that the network is, as <see cref="SavedPrograms.IdentityOf"/> says; empty for none.</param>
    public static byte[] Write(
        string assemblyName, string name, NetworkGraph graph, IReadOnlyList<Tier> tiers, bool trains, CancellationToken cancellationToken,
        CodeLimit? limit = null, string identity = "")
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName { Name = assemblyName }, typeof(object).Assembly);
        ModuleBuilder module = assembly.DefineDynamicModule(assemblyName);
        var programs = new List<ProgramFacts>();
        foreach (Tier tier in tiers)
        {
            TierPrograms lowered = TierPrograms.Lower(graph, tier, cancellationToken, trains: trains);
            programs.Add(EmittedProgram.Write(module, lowered, KernelMethods.Assign(lowered, cancellationToken), limit));
            if (lowered.OtherWeights is { } weights)
            {
                var other = TierPrograms.Lower(graph, tier, cancellationToken, weights);
                programs.Add(EmittedProgram.Write(module, other, KernelMethods.Assign(other, cancellationToken), limit));
            }
        }

        module.DefineType(
            $"{MarkerNamespace}.{Marker}", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed).CreateType();
        NetworkInfo info = RuntimeInfo.Create(name, graph) with { Tiers = [.. tiers.Select(tier => Enum.Parse<Isa>(tier.Name))] };
        return Write(assembly, new SavedNetwork(info, new ProgramSet(ProgramSet.ThisVersion, programs, identity)));
    }

    private static byte[] Write(PersistedAssemblyBuilder assembly, SavedNetwork network)
    {
        MetadataBuilder metadata = assembly.GenerateMetadata(out BlobBuilder code, out BlobBuilder data);
        var resources = new BlobBuilder();
        void Add(string name, byte[] bytes)
        {
            metadata.AddManifestResource(
                ManifestResourceAttributes.Public, metadata.GetOrAddString(name), implementation: default, (uint)resources.Count);
            resources.WriteInt32(bytes.Length);
            resources.WriteBytes(bytes);
            resources.Align(ResourceAlignment);
        }

        Add(SavedNetwork.Resource, network.ToArray());
        Add(ProgramSet.Resource, network.Programs.ToArray());
        Add("ILLink.Descriptors.xml", Encoding.UTF8.GetBytes(
            $"""<linker><assembly fullname="{assembly.GetName().Name}"><type fullname="*" /></assembly></linker>"""));
        var image = new BlobBuilder();
        new ManagedPEBuilder(
            PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), code, data, managedResources: resources,
            deterministicIdProvider: _ => default).Serialize(image);
        byte[] bytes = image.ToArray();
        SetVersionId(bytes);
        return bytes;
    }

    /// <summary>
    /// Replaces the module's version id, which is drawn at random, by a hash of all else. So the same network makes the same file.
    /// </summary>
    private static void SetVersionId(byte[] image)
    {
        const int Length = 16;
        using var file = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(image));
        MetadataReader metadata = file.GetMetadataReader();
        int index = MetadataTokens.GetHeapOffset(metadata.GetModuleDefinition().Mvid) - 1;
        Span<byte> id = image.AsSpan(
            file.PEHeaders.MetadataStartOffset + metadata.GetHeapMetadataOffset(HeapIndex.Guid) + (Length * index), Length);
        id.Clear();
        SHA256.HashData(image).AsSpan(0, Length).CopyTo(id);
    }

    /// <summary>Loads an assembly. It is freed when nothing refers to its methods any more.</summary>
    /// <param name="image">The bytes that were written.</param>
    /// <exception cref="BadImageFormatException">The bytes are no assembly.</exception>
    public static Assembly Load(byte[] image)
    {
        using var stream = new MemoryStream(image, writable: false);
        return new Context().LoadFromStream(stream);
    }

    /// <summary>Assemblies that can be freed. They call this runtime, wherever it was loaded.</summary>
    private sealed class Context() : AssemblyLoadContext("Strata", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            Assembly runtime = typeof(NetworkProgram).Assembly;
            return assemblyName.Name == runtime.GetName().Name ? runtime : null;
        }
    }
}
