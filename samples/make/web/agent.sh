mkdir -p /opt/agent
echo "telemetry agent 0.9" > /opt/agent/VERSION
