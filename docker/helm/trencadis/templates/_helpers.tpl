{{- define "trencadis.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* The nodes' addresses, one after the other. */}}
{{- define "trencadis.join" -}}
{{- range $i := until (int .Values.replicas) -}}
{{- if $i }},{{ end }}{{ $.Release.Name }}-{{ $i }}.{{ $.Release.Name }}-nodes:7400
{{- end -}}
{{- end }}

{{- define "trencadis.antiAffinity" -}}
topologyKey: kubernetes.io/hostname
labelSelector:
  matchLabels:
    {{- include "trencadis.labels" . | nindent 4 }}
{{- end }}
