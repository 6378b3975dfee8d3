using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Strata.CompilerServices;
using Xunit;

namespace Strata.Numerics.Tests;

/// <summary>
/// RyuJIT drops a method to unoptimised code above 60,000 bytes of IL, 20,000 instructions, 2,000 blocks or locals; it tracks 1,024
/// locals, and inlining stops at 512.
/// </summary>
internal sealed record JitBudget(int Methods, int Bytes, int Instructions, int Blocks, int Locals)
{
    private const int MostBytes = 60_000, MostInstructions = 20_000, MostBlocks = 2_000, MostLocals = 512;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(o => (int)(ushort)o.Value);

    /// <summary>The largest of each over all methods of an assembly, and the methods that exceed the budget.</summary>
    public static (JitBudget Most, string[] Over) Measure(byte[] assembly)
    {
        using var image = new PEReader(new MemoryStream(assembly));
        MetadataReader metadata = image.GetMetadataReader();
        return Measure(metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(method => method.RelativeVirtualAddress != 0)
            .Select(method =>
            {
                MethodBodyBlock body = image.GetMethodBody(method.RelativeVirtualAddress);
                TypeDefinition type = metadata.GetTypeDefinition(method.GetDeclaringType());
                return ($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{metadata.GetString(method.Name)}",
                    body.GetILBytes()!, body.LocalSignature.IsNil ? 0 : CountLocals(metadata, body.LocalSignature));
            }));
    }

    /// <summary>The same of a program that was made at run time.</summary>
    public static (JitBudget Most, string[] Over) Measure(AssemblyProgram program) => Measure(
        program.Module.Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => (method.Name, Body: method.GetMethodBody()!))
            .Select(method => (method.Name, method.Body.GetILAsByteArray()!, method.Body.LocalVariables.Count)));

    private static (JitBudget Most, string[] Over) Measure(IEnumerable<(string Name, byte[] Code, int Locals)> methods)
    {
        var most = new JitBudget(0, 0, 0, 0, 0);
        var over = new List<string>();
        foreach ((string name, byte[] il, int locals) in methods)
        {
            (int instructions, int blocks) = Count(il);
            most = new JitBudget(
                most.Methods + 1,
                Math.Max(most.Bytes, il.Length),
                Math.Max(most.Instructions, instructions),
                Math.Max(most.Blocks, blocks),
                Math.Max(most.Locals, locals));
            if (il.Length >= MostBytes || instructions >= MostInstructions || blocks >= MostBlocks || locals >= MostLocals)
            {
                over.Add($"{name}: {il.Length} bytes, {instructions} instructions, {blocks} blocks, {locals} locals");
            }
        }

        return (most, [.. over]);
    }

    private static int CountLocals(MetadataReader metadata, StandaloneSignatureHandle handle)
    {
        BlobReader reader = metadata.GetBlobReader(metadata.GetStandaloneSignature(handle).Signature);
        Assert.Equal(SignatureKind.LocalVariables, reader.ReadSignatureHeader().Kind);
        return reader.ReadCompressedInteger();
    }

    private static (int Instructions, int Blocks) Count(byte[] il)
    {
        int instructions = 0, position = 0;
        var starts = new HashSet<int> { 0 };
        while (position < il.Length)
        {
            int value = il[position++];
            if (value == 0xFE)
            {
                value = 0xFE00 | il[position++];
            }

            OpCode code = OpCodesByValue[value];
            instructions++;
            int operand = position;
            position += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, operand)),
                _ => 4,
            };
            if (code.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch)
            {
                starts.Add(position);
                if (code.OperandType == OperandType.ShortInlineBrTarget)
                {
                    starts.Add(position + (sbyte)il[operand]);
                }
                else if (code.OperandType == OperandType.InlineBrTarget)
                {
                    starts.Add(position + BitConverter.ToInt32(il, operand));
                }
            }
        }

        return (instructions, starts.Count);
    }
}
