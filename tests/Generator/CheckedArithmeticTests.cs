using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>A project that checks its arithmetic for overflow gets the same kernels as one that does not.</summary>
public sealed class CheckedArithmeticTests
{
    [Theory]
    [InlineData(Harness.LeNet5)]
    [InlineData(Harness.Blocks)]
    [InlineData("using Strata;\n" + KernelNameTests.Large + "\npartial class Net;")]
    public void Generated_code_does_not_depend_on_CheckForOverflowUnderflow(string source)
    {
        Dictionary<string, string> plain = Methods(source, isChecked: false), guarded = Methods(source, isChecked: true);
        Assert.InRange(plain.Count, 30, 10_000);
        Assert.Empty(plain.Where(method => guarded[method.Key] != method.Value).Select(method => method.Key));
    }

    /// <summary>The code of all methods of generated types.</summary>
    private static Dictionary<string, string> Methods(string source, bool isChecked)
    {
        var harness = new Harness();
        harness.Generate(harness.Compile(source), out Compilation output);
        using var image = new MemoryStream();
        Assert.True(output
            .WithOptions(((Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions)output.Options).WithOverflowChecks(isChecked))
            .Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        image.Position = 0;
        using var file = new PEReader(image);
        MetadataReader metadata = file.GetMetadataReader();
        var methods = new Dictionary<string, string>();
        foreach (TypeDefinition type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition))
        {
            foreach (MethodDefinitionHandle handle in type.GetMethods())
            {
                MethodDefinition method = metadata.GetMethodDefinition(handle);
                if (method.RelativeVirtualAddress > 0)
                {
                    byte[] code = file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!;
                    methods.Add($"{metadata.GetString(type.Name)}.{metadata.GetString(method.Name)} {MetadataTokens(handle)}",
                        Convert.ToHexString(code));
                }
            }
        }

        return methods;

        static int MetadataTokens(MethodDefinitionHandle handle) => System.Reflection.Metadata.Ecma335.MetadataTokens.GetRowNumber(handle);
    }
}
