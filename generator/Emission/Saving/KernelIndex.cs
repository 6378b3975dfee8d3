using System;
using System.Collections.Generic;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;

namespace Strata.Compiler.Emission;

/// <summary>
/// A small assembly between an app and the assemblies with its kernels. The app is compiled against it before they exist, and it refers to
/// them when they do: so everything that follows references finds them, from a library's users to NativeAOT.
/// <code>
/// public static class Kernels_App
/// {
///     public static Type? Of(string network) => network == "Demo.LeNet5" ? typeof(...) : null;
/// }
/// </code>
/// </summary>
internal static class KernelIndex
{
    /// <summary>The method that finds a type of the assembly with a network's kernels.</summary>
    private const string Method = "Of";

    private const int GuidLength = 16;

    /// <summary>The version that networks need. A program that runs on a later one writes it, too.</summary>
    private static readonly Version LeastRuntime = new(10, 0, 0, 0);

    /// <summary>Writes the assembly.</summary>
    /// <param name="assemblyName">The assembly's name.</param>
    /// <param name="className">The full name of its class.</param>
    /// <param name="networks">The networks, by the full names of their classes, with the names of the assemblies of their kernels.</param>
    public static byte[] Write(string assemblyName, string className, IReadOnlyList<(string Network, string Assembly)> networks)
    {
        var metadata = new MetadataBuilder();
        StringHandle Text(string text) => metadata.GetOrAddString(text);
        AssemblyReferenceHandle Reference(string name, Version version, BlobHandle key = default) =>
            metadata.AddAssemblyReference(Text(name), version, culture: default, key, flags: default, hashValue: default);

        // The facade that apps are compiled against, not the library behind it.
        AssemblyName facade = Assembly.Load("System.Runtime").GetName();
        AssemblyReferenceHandle runtime = Reference(
            facade.Name!, LeastRuntime, metadata.GetOrAddBlob(facade.GetPublicKeyToken()!));
        TypeReferenceHandle Type(string name) => metadata.AddTypeReference(runtime, Text("System"), Text(name));
        TypeReferenceHandle type = Type("Type"), handle = Type("RuntimeTypeHandle");
        MemberReferenceHandle Member(TypeReferenceHandle owner, string name, Action<ReturnTypeEncoder> result,
            Action<ParametersEncoder> parameters, int count) => metadata.AddMemberReference(
            owner, Text(name), Signature(metadata, count, result, parameters));
        MemberReferenceHandle equals = Member(
            Type("String"), "op_Equality", result => result.Type().Boolean(),
            parameters =>
            {
                parameters.AddParameter().Type().String();
                parameters.AddParameter().Type().String();
            },
            2);
        MemberReferenceHandle fromHandle = Member(
            type, "GetTypeFromHandle", result => result.Type().Type(type, isValueType: false),
            parameters => parameters.AddParameter().Type().Type(handle, isValueType: true), 1);

        var code = new InstructionEncoder(new BlobBuilder(), new ControlFlowBuilder());
        foreach ((string network, string assembly) in networks)
        {
            TypeReferenceHandle marker = metadata.AddTypeReference(
                Reference(assembly, new Version(0, 0, 0, 0)), Text(NetworkAssembly.MarkerNamespace), Text(NetworkAssembly.Marker));
            LabelHandle next = code.DefineLabel();
            code.LoadArgument(0);
            code.LoadString(metadata.GetOrAddUserString(network));
            code.Call(equals);
            code.Branch(ILOpCode.Brfalse, next);
            code.OpCode(ILOpCode.Ldtoken);
            code.Token(marker);
            code.Call(fromHandle);
            code.OpCode(ILOpCode.Ret);
            code.MarkLabel(next);
        }

        code.OpCode(ILOpCode.Ldnull);
        code.OpCode(ILOpCode.Ret);
        return Serialize(metadata, assemblyName, className, code, Signature(
            metadata, 1, result => result.Type().Type(type, isValueType: false), parameters => parameters.AddParameter().Type().String()),
            Type("Object"), SHA256.HashData(Encoding.UTF8.GetBytes($"{assemblyName} {className} {string.Join(' ', networks)}")));
    }

    private static BlobHandle Signature(
        MetadataBuilder metadata, int count, Action<ReturnTypeEncoder> result, Action<ParametersEncoder> parameters)
    {
        var signature = new BlobBuilder();
        new BlobEncoder(signature).MethodSignature().Parameters(count, result, parameters);
        return metadata.GetOrAddBlob(signature);
    }

    private static byte[] Serialize(
        MetadataBuilder metadata, string assemblyName, string className, InstructionEncoder code, BlobHandle signature,
        TypeReferenceHandle baseType, byte[] hash)
    {
        var bodies = new BlobBuilder();
        int body = new MethodBodyStreamEncoder(bodies).AddMethodBody(code);
        metadata.AddParameter(ParameterAttributes.None, metadata.GetOrAddString("network"), sequenceNumber: 1);
        MethodDefinitionHandle method = metadata.AddMethodDefinition(
            MethodAttributes.Public | MethodAttributes.Static | MethodAttributes.HideBySig, MethodImplAttributes.IL,
            metadata.GetOrAddString(Method), signature, body, MetadataTokens.ParameterHandle(1));
        metadata.AddTypeDefinition(
            default, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), method);
        int dot = className.LastIndexOf('.');
        metadata.AddTypeDefinition(
            TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed, metadata.GetOrAddString(className[..int.Max(dot, 0)]),
            metadata.GetOrAddString(className[(dot + 1)..]), baseType, MetadataTokens.FieldDefinitionHandle(1), method);

        // The same input makes the same file. So the identifier is a hash of it.
        GuidHandle version = metadata.GetOrAddGuid(new Guid(hash.AsSpan(0, GuidLength)));
        metadata.AddModule(0, metadata.GetOrAddString(assemblyName + ".dll"), version, default, default);
        metadata.AddAssembly(
            metadata.GetOrAddString(assemblyName), new Version(0, 0, 0, 0), culture: default, publicKey: default, flags: default,
            AssemblyHashAlgorithm.None);
        var image = new BlobBuilder();
        new ManagedPEBuilder(
            PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), bodies,
            deterministicIdProvider: _ => BlobContentId.FromHash(hash))
            .Serialize(image);
        return image.ToArray();
    }
}
