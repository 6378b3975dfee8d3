#!/usr/bin/env python3
"""A client of the Open Inference Protocol over gRPC that knows nothing but inference.proto: Debian's python3-grpcio and protoc.

client.py FOLDER_OF_PROTO ADDRESS MODEL SHAPE INPUTS OUTPUTS sends the float32 numbers of a file, and writes those that come back.
"""
import subprocess
import sys
import tempfile

import grpc

folder, address, model, shape, inputs, outputs = sys.argv[1:]
with tempfile.TemporaryDirectory() as generated:
    subprocess.run(["protoc", f"-I{folder}", f"--python_out={generated}", "inference.proto"], check=True)
    sys.path.insert(0, generated)
    import inference_pb2 as pb

with grpc.insecure_channel(address) as channel:
    def call(method, request, answer):
        return channel.unary_unary(
            f"/inference.GRPCInferenceService/{method}", type(request).SerializeToString, answer.FromString)(request, timeout=20)

    assert call("ServerReady", pb.ServerReadyRequest(), pb.ServerReadyResponse).ready
    metadata = call("ModelMetadata", pb.ModelMetadataRequest(name=model), pb.ModelMetadataResponse)
    request = pb.ModelInferRequest(model_name=model)
    request.inputs.add(name=metadata.inputs[0].name, datatype=metadata.inputs[0].datatype, shape=map(int, shape.split(",")))
    with open(inputs, "rb") as file:
        request.raw_input_contents.append(file.read())
    answer = call("ModelInfer", request, pb.ModelInferResponse)
    with open(outputs, "wb") as file:
        file.write(answer.raw_output_contents[0])
    print(answer.model_name, ",".join(map(str, answer.outputs[0].shape)))
